/** Whose request a job belongs to. */
export interface JobOwner {
  /** The IP address, an IPv6 one by its network of 64 bits. */
  address: string;
  /** The network of that address: 24 bits of IPv4, or 48 of IPv6. */
  network: string;
}

/**
 * Which waiting job is given up for a newcomer's when the queue is full: the newest of the network that has the most, and within it of
 * the IP address that has the most. Networks count first, because one network may use many IP addresses.
 * @param waiting the owners of the jobs, the oldest first
 * @returns its index; null if nobody would still have as many as the newcomer
 */
export function givesWay(waiting: readonly JobOwner[], newcomer: JobOwner): number | null {
  const crowded = haveMost(waiting, 'network');
  if (crowded.jobs > jobsOf(newcomer.network, waiting, 'network') + 1)
    return newest(waiting, haveMost(waiting.filter(isOf(crowded.names, 'network')), 'address').names);
  const neighbours = waiting.filter(({ network }) => network === newcomer.network);
  const { names, jobs } = haveMost(neighbours, 'address');
  return jobs > jobsOf(newcomer.address, neighbours, 'address') + 1 ? newest(waiting, names) : null;
}

function haveMost(owners: readonly JobOwner[], by: keyof JobOwner): { names: ReadonlySet<string>; jobs: number } {
  const counts = new Map<string, number>();
  for (const { [by]: name } of owners) counts.set(name, (counts.get(name) ?? 0) + 1);
  const jobs = Math.max(0, ...counts.values());
  return { names: new Set([...counts.keys()].filter((name) => counts.get(name) === jobs)), jobs };
}

function jobsOf(name: string, owners: readonly JobOwner[], by: keyof JobOwner): number {
  return owners.filter((owner) => owner[by] === name).length;
}

function isOf(names: ReadonlySet<string>, by: keyof JobOwner): (owner: JobOwner) => boolean {
  return (owner) => names.has(owner[by]);
}

function newest(owners: readonly JobOwner[], addresses: ReadonlySet<string>): number {
  return owners.findLastIndex(isOf(addresses, 'address'));
}
