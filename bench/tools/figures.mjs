/** @returns {number} of an even count of figures the upper one */
export function median(/** @type {number[]} */ figures) {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? NaN;
}

/** @returns {number} with three digits that count */
export function round(/** @type {number} */ figure) {
  return Number(figure.toPrecision(3));
}
