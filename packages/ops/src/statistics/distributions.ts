import { incompleteBeta, incompleteGamma } from "./special-functions.ts";

/** Tails and quantiles of the distributions that intervals and tests need; they agree with SciPy to 1e-10. */

/** P(Z <= z) of the standard normal distribution. */
export function normalCdf(z: number): number {
  const { lower, upper } = incompleteGamma(0.5, (z * z) / 2);
  return z < 0 ? upper / 2 : 0.5 + lower / 2;
}

/** P(|Z| >= |z|): the p value of a two-sided z test. */
export function normalTwoSided(z: number): number {
  return incompleteGamma(0.5, (z * z) / 2).upper;
}

/** The z with P(Z <= z) = p, for 0 < p < 1. */
export function normalQuantile(p: number): number {
  return p < 0.5 ? -upperQuantile(normalTwoSided, 2 * p) : upperQuantile(normalTwoSided, 2 * (1 - p));
}

/** P(|T| >= |t|) of Student's distribution. */
export function studentTwoSided(t: number, df: number): number {
  const square = t * t;
  if (square === Infinity) return 0;
  return incompleteBeta(df / (df + square), { a: df / 2, b: 0.5, rest: square / (df + square) });
}

/** The t with P(T <= t) = p, for 0 < p < 1. */
export function studentQuantile(p: number, df: number): number {
  const tail = (t: number): number => studentTwoSided(t, df);
  return p < 0.5 ? -upperQuantile(tail, 2 * p) : upperQuantile(tail, 2 * (1 - p));
}

/** P(X >= x) of the chi-square distribution. */
export function chiSquareUpper(x: number, df: number): number {
  return incompleteGamma(df / 2, x / 2).upper;
}

/** P(X >= x) of the F distribution with these degrees of freedom above and below. */
export function fUpper(x: number, { above, below }: { readonly above: number; readonly below: number }): number {
  if (x === Infinity) return 0;
  const total = below + above * x;
  return incompleteBeta(below / total, { a: below / 2, b: above / 2, rest: (above * x) / total });
}

/** The x >= 0 at which a tail that falls from 1 has come down to p: halving until two neighbouring numbers are left. */
export function upperQuantile(tail: (x: number) => number, p: number): number {
  let low = 0;
  let high = 1;
  while (tail(high) > p) {
    low = high;
    high *= 2;
    if (high > 1e300) return Infinity;
  }
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (tail(middle) > p) low = middle;
    else high = middle;
  }
}
