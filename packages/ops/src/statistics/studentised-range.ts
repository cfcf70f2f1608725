import { normalCdf, upperQuantile } from "./distributions.ts";

/**
 * The value that the range of k independent standard normal variables exceeds with probability alpha: the quantile of the
 * studentised range with infinite degrees of freedom, as Nemenyi's test takes it.
 */
export function studentisedRangeQuantile(alpha: number, k: number): number {
  return upperQuantile((range) => 1 - rangeCdf(range, k), alpha);
}

const step = 1 / 16;
/** Beyond it the normal density is below 1e-18. */
const farthest = 9;
const places = Array.from({ length: (2 * farthest) / step + 1 }, (_, index) => {
  const z = -farthest + index * step;
  return { z, density: Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI), below: normalCdf(z) };
});

/**
 * P(range <= q) = k * integral of phi(z) (Phi(z) - Phi(z - q))^(k - 1), over the place z of the largest of the variables. The
 * integrand is smooth and vanishes at both ends, where the trapezoidal rule is exact to the last digits.
 */
function rangeCdf(q: number, k: number): number {
  let sum = 0;
  for (const { z, density, below } of places) sum += density * (below - normalCdf(z - q)) ** (k - 1);
  return Math.min(1, k * sum * step);
}
