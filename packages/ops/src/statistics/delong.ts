import type { ExampleGroups } from "./example-groups.ts";

/** Two classes that are told apart by scores. */
export interface ScoredPairs {
  readonly scores: Float64Array;
  /** 1: has the class, 0: has not; -1: not known, and not counted. */
  readonly labels: Int32Array;
  readonly groups: ExampleGroups;
}

/**
 * What an AUROC's variance is made of. The AUROC is the mean over positives of the share of negatives that score lower (their
 * placement), and the mean over negatives of the share of positives that score higher; ties count half.
 */
export interface Placements {
  readonly auroc: number;
  readonly positives: number;
  readonly negatives: number;
  /** Of each group, the sum over its positives of their placement less the AUROC; and over its negatives. */
  readonly ofPositives: Float64Array;
  readonly ofNegatives: Float64Array;
  /** Groups with a positive, with a negative, with either. */
  readonly groupsWithPositives: number;
  readonly groupsWithNegatives: number;
  readonly groupsCounted: number;
}

/** One pass over the sorted scores (Sun and Xu, 2014). Null where positives or negatives are missing. */
export function placementsOf({ scores, labels, groups }: ScoredPairs): Placements | null {
  const order = [...labels.keys()].filter((row) => labels[row] !== -1).sort((a, b) => scores[a]! - scores[b]!);
  const positives = order.filter((row) => labels[row] === 1).length;
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return null;
  const placement = placeExamples(order, { scores, labels, positives, negatives });
  let auroc = 0;
  for (const row of order) if (labels[row] === 1) auroc += placement[row]! / positives;

  const sums = [new Float64Array(groups.count), new Float64Array(groups.count)] as const;
  const seen = [new Uint8Array(groups.count), new Uint8Array(groups.count)] as const;
  for (const row of order) {
    const side = labels[row] === 1 ? 1 : 0;
    const group = groups.groupOf[row]!;
    sums[side][group]! += placement[row]! - auroc;
    seen[side][group] = 1;
  }
  const count = (isCounted: (group: number) => boolean): number =>
    seen[0].reduce((total, _, group) => total + (isCounted(group) ? 1 : 0), 0);
  return {
    auroc,
    positives,
    negatives,
    ofPositives: sums[1],
    ofNegatives: sums[0],
    groupsWithPositives: count((group) => seen[1][group] === 1),
    groupsWithNegatives: count((group) => seen[0][group] === 1),
    groupsCounted: count((group) => seen[0][group] === 1 || seen[1][group] === 1),
  };
}

/** The three parts of a variance or covariance: by the positives, by the negatives, and by groups that have both. */
export interface CovarianceParts {
  readonly byPositives: number;
  readonly byNegatives: number;
  readonly byBoth: number;
}

/**
 * The covariance of two AUROCs over the same examples: DeLong, DeLong and Clarke-Pearson (1988) where every group has one
 * example, Obuchowski (1997) where groups repeat; the latter's formula is the former's in that case. The two may read labels
 * differently (unsure ones as positive or as negative): each sum is divided by the counts of its own AUROC, and the correction
 * is the geometric mean of both, which is that of the variance where they are the same. NaN where only one group has positives
 * or negatives.
 */
export function covarianceOf(a: Placements, b: Placements): CovarianceParts {
  let [positive, negative, positiveOfA, positiveOfB] = [0, 0, 0, 0];
  for (let group = 0; group < a.ofPositives.length; group++) {
    positive += a.ofPositives[group]! * b.ofPositives[group]!;
    negative += a.ofNegatives[group]! * b.ofNegatives[group]!;
    positiveOfA += a.ofPositives[group]! * b.ofNegatives[group]!;
    positiveOfB += b.ofPositives[group]! * a.ofNegatives[group]!;
  }
  const both = positiveOfA / (a.positives * b.negatives) + positiveOfB / (b.positives * a.negatives);
  return {
    byPositives: (unbiased(a.groupsWithPositives, b.groupsWithPositives) * positive) / (a.positives * b.positives),
    byNegatives: (unbiased(a.groupsWithNegatives, b.groupsWithNegatives) * negative) / (a.negatives * b.negatives),
    byBoth: unbiased(a.groupsCounted, b.groupsCounted) * both,
  };
}

function unbiased(first: number, second: number): number {
  const correction = (count: number): number => (count > 1 ? count / (count - 1) : Number.NaN);
  return Math.sqrt(correction(first) * correction(second));
}

interface SortedSides extends Pick<ScoredPairs, "scores" | "labels"> {
  readonly positives: number;
  readonly negatives: number;
}

function placeExamples(order: readonly number[], { scores, labels, positives, negatives }: SortedSides): Float64Array {
  const placement = new Float64Array(scores.length);
  let [positivesBelow, negativesBelow] = [0, 0];
  for (let start = 0; start < order.length;) {
    let end = start;
    let tiedPositives = 0;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) {
      if (labels[order[end]!] === 1) tiedPositives++;
      end++;
    }
    const tiedNegatives = end - start - tiedPositives;
    const ofPositive = (negativesBelow + tiedNegatives / 2) / negatives;
    const ofNegative = (positives - positivesBelow - tiedPositives / 2) / positives;
    for (let at = start; at < end; at++) placement[order[at]!] = labels[order[at]!] === 1 ? ofPositive : ofNegative;
    positivesBelow += tiedPositives;
    negativesBelow += tiedNegatives;
    start = end;
  }
  return placement;
}
