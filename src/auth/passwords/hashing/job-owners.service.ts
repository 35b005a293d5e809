import { addressGroup, addressNetwork } from '../../../platform/http/callers/address-group.js';
import { currentRequest } from '../../../platform/request-context.js';
import { givesWay, type JobOwner } from './fair-share.value.js';
import type { HashJob } from './hash-batches.service.js';

/** Knows which caller each waiting job belongs to, so that one who floods the queue does not keep all others out of it. */
export class JobOwners {
  private readonly owners = new WeakMap<HashJob, JobOwner>();

  /** The job belongs to the current request. */
  note(job: HashJob): void {
    this.owners.set(job, currentOwner());
  }

  /** @returns the index of the waiting job that gives way to one of the current request; null if none does */
  placeAmong(waiting: readonly HashJob[]): number | null {
    const owners = waiting.map((job) => this.owners.get(job)!);
    return givesWay(owners, currentOwner());
  }
}

function currentOwner(): JobOwner {
  const ip = currentRequest()?.ip ?? null;
  return { address: addressGroup(ip), network: addressNetwork(ip) };
}
