/** Additional bits, so that rounding of the series does not affect the wanted ones. */
const GUARD_BITS = 64n;

/**
 * The first bits of the fraction of pi, 32 to a word: Blowfish's "nothing up my sleeve" numbers.
 * By Machin's formula, pi = 16 arctan(1/5) - 4 arctan(1/239), in fixed point.
 */
export function fractionOfPi(words: number): Uint32Array {
  const bits = BigInt(words) * 32n + GUARD_BITS;
  const pi = 16n * arctanOfInverse(5n, bits) - 4n * arctanOfInverse(239n, bits);
  const fraction = (pi - (3n << bits)) >> GUARD_BITS;
  const digits = fraction.toString(16).padStart(words * 8, '0');
  return Uint32Array.from({ length: words }, (_, i) => Number.parseInt(digits.slice(i * 8, i * 8 + 8), 16));
}

/** arctan(1/x) = 1/x - 1/3x^3 + 1/5x^5 - …, times 2^bits. */
function arctanOfInverse(x: bigint, bits: bigint): bigint {
  let power = (1n << bits) / x;
  let sum = power;
  for (let divisor = 3n, sign = -1n; power > 0n; divisor += 2n, sign = -sign) {
    power /= x * x;
    sum += (sign * power) / divisor;
  }
  return sum;
}
