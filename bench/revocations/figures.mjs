import { loadavg } from 'node:os';

/** @returns {number} the value that this part of all are not above, to a tenth */
export function quantile(/** @type {number[]} */ numbers, /** @type {number} */ part) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.max(Math.ceil(sorted.length * part) - 1, 0)] ?? NaN) * 10) / 10;
}

/** How busy the machine is: figures of a busy one are worth less. */
export function loadAverage() {
  return (loadavg()[0] ?? NaN).toFixed(1);
}
