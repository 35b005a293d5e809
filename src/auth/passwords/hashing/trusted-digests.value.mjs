/**
 * @typedef {import('@auth-service/bcrypt-lanes').BcryptJob & { password: string }} Job
 * @typedef {(jobs: readonly Job[], cost: number) => Uint8Array[]} Digests
 */

/**
 * Three lanes as long as they can be trusted: they pass their self-test and never fail. From then on the reference.
 * @param {{ selfTest(): void, digests: Digests }} lanes
 * @param {() => Promise<Digests>} loadReference called only when it is needed
 * @returns {(jobs: readonly Job[], cost: number, workCost: number) => Promise<{ digests: Uint8Array[], trouble: string | null }>} the
 * digests of `cost`, after the work of `workCost`, and why the lanes are not trusted
 */
export function trustedDigests(lanes, loadReference) {
  let trouble = troubleIn(() => lanes.selfTest());
  const compute = async (/** @type {readonly Job[]} */ jobs, /** @type {number} */ cost) => {
    /** @type {Uint8Array[]} */
    let digests = [];
    trouble ??= troubleIn(() => (digests = lanes.digests(jobs, cost)));
    return trouble === null ? digests : (await loadReference())(jobs, cost);
  };
  return async (jobs, cost, workCost) => {
    const digests = await compute(jobs, cost);
    // One more of each cost is as much work as is missing: 2^a + (2^a + … + 2^(b-1)) = 2^b.
    for (let next = cost; next < workCost; next++) await compute(jobs, next);
    return { digests, trouble };
  };
}

/** @returns {string | null} why it failed */
function troubleIn(/** @type {() => unknown} */ attempt) {
  try {
    attempt();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'it failed without a reason';
  }
}
