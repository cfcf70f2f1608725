/**
 * The regularised incomplete gamma and beta functions, which the distributions of the tests are made of. Series and
 * continued fractions as in Abramowitz and Stegun (6.5.29, 6.5.31, 26.5.8), to about 1e-14 of the value.
 */

const precision = 1e-16;
/** Far more than any sample of images needs: terms grow with the root of the degrees of freedom. */
const mostTerms = 100_000;

/** P(a, x) and Q(a, x) = 1 - P(a, x) for a > 0 and x >= 0; the smaller of the two keeps its digits. */
export function incompleteGamma(a: number, x: number): { readonly lower: number; readonly upper: number } {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (x === Infinity) return { lower: 1, upper: 0 };
  const factor = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    const lower = factor * gammaSeries(a, x);
    return { lower, upper: 1 - lower };
  }
  const upper = factor / continuedFraction(x + 1 - a, (i) => [i * (a - i), x + 1 - a + 2 * i]);
  return { lower: 1 - upper, upper };
}

/** I_x(a, b) for a, b > 0 and x in [0, 1]. `rest` is 1 - x, which the caller may know to more digits. */
export function incompleteBeta(x: number, { a, b, rest = 1 - x }: BetaShape): number {
  if (x <= 0) return 0;
  if (rest <= 0) return 1;
  // The fraction converges fast on this side of the mean only.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(rest, { a: b, b: a, rest: x });
  const factor = Math.exp(a * logOfShare(x, rest) + b * logOfShare(rest, x) - logBeta(a, b));
  const fraction = continuedFraction(1, (i) => {
    const m = Math.floor(i / 2);
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    return [i % 2 === 0 ? even : odd, 1];
  });
  return factor / (a * fraction);
}

export interface BetaShape {
  readonly a: number;
  readonly b: number;
  readonly rest?: number;
}

/** ln x of a share x whose rest is 1 - x: near 1 only the rest has the digits. */
function logOfShare(x: number, rest: number): number {
  return x < 0.5 ? Math.log(x) : Math.log1p(-rest);
}

/** ln B(a, b). Of a large argument only what the other one adds to it is worked out: the whole would lose its digits. */
function logBeta(a: number, b: number): number {
  const [large, small] = a > b ? [a, b] : [b, a];
  if (large < fewestForSeries) return logGamma(a) + logGamma(b) - logGamma(a + b);
  const sum = large + small;
  const added = (large - 0.5) * Math.log1p(small / large) + small * Math.log(sum) - small;
  return logGamma(small) - added - stirlingSeries(sum) + stirlingSeries(large);
}

/** ln Gamma(x) for x > 0: Stirling's series, where x is large enough for it. */
export function logGamma(x: number): number {
  let shifted = x;
  let product = 1;
  while (shifted < fewestForSeries) {
    product *= shifted;
    shifted += 1;
  }
  const main = (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI);
  return main + stirlingSeries(shifted) - Math.log(product);
}

const fewestForSeries = 15;

function stirlingSeries(x: number): number {
  let series = 0;
  for (const coefficient of stirling) series = series / (x * x) + coefficient;
  return series / x;
}

/** B(2k) / (2k (2k - 1)) of the Bernoulli numbers, the last one first. */
const stirling = [1 / 156, -691 / 360_360, 1 / 1188, -1 / 1680, 1 / 1260, -1 / 360, 1 / 12];

/** The sum of x^n / (a (a + 1) ... (a + n)). */
function gammaSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < mostTerms && Math.abs(term) > precision * Math.abs(sum); n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** first + p1 / (q1 + p2 / (q2 + ...)) by Lentz's way; `termOf` gives the i-th (p, q), from i = 1. */
function continuedFraction(first: number, termOf: (i: number) => readonly [number, number]): number {
  let value = awayFromZero(first);
  let above = value;
  let below = 0;
  for (let i = 1; i < mostTerms; i++) {
    const [p, q] = termOf(i);
    below = 1 / awayFromZero(q + p * below);
    above = awayFromZero(q + p / above);
    const change = above * below;
    value *= change;
    if (Math.abs(change - 1) < 4 * precision) break;
  }
  return value;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}
