import { normalCdf, normalQuantile, studentQuantile } from "./distributions.ts";

/** What an interval is made of. */
export interface ResampledValue {
  readonly value: number;
  /** On each resample; NaN where it has none. */
  readonly values: Float64Array;
  /** With one block of groups left out after the other; NaN where it has none. */
  readonly jackknife: Float64Array;
  readonly nGroups: number;
  /** What of the value's variance comes of few-shot draws, and how many they are. */
  readonly drawVariance?: number;
  readonly nDraws?: number;
}

export type Interval = readonly [low: number, high: number];

/** Fewer values have no percentiles this far out. */
const fewestValues = 40;
const tail = 0.025;
const normalReach = normalQuantile(1 - tail);

/**
 * An interval of nominal 95% by Efron's bias-corrected and accelerated percentiles (1987), which serves any metric and any
 * function of metrics, whatever its bounds. The acceleration is a sixth of the skewness of the resampled values. Where groups
 * count very unequally, Student's quantile stands for the normal one, and the deviation is brought nearer to the jackknife's.
 *
 * Chosen by simulation: 74 kinds of test sets of 60 to 400 patients with 1, 3 or 9 images each, 10% to 50% positives (20
 * patients with and 20 without at least), AUROC 0.7 to 0.95, labels of patients or of images, half of a score's variance the
 * patient's, 1,000 resamples. Over them, intervals for AUROC and accuracy held the truth in these shares:
 * percentiles 90.0-96.1%, percentiles expanded by Student's quantile (Hesterberg, 2015) 90.3-96.1%, the usual acceleration by
 * the jackknife 92.1-96.3%, Student's interval on the logit scale 92.3-96.9%, and this one 93.6-96.6%. The lowest are where
 * few patients decide (AUROC 0.95), the highest 60 patients with one image each; most lie within 94-96%. For F1, average
 * precision, kappa, sensitivity, balanced accuracy and Brier score, with 1,200 sets of each of three to five kinds (of 10 patients
 * on a side at least): 93.7-96.4%; what F1 misses with 40 patients is lopsided, 4.8% above and 1.2% below, where the
 * jackknife's acceleration gives 3.3% and 2.0%.
 *
 * Null where too few resamples have a value.
 */
export function intervalOf(resampled: ResampledValue): Interval | null {
  const sorted = resampled.values.filter((each) => !Number.isNaN(each)).sort();
  if (sorted.length < fewestValues) return null;
  const { variance, skewness } = momentsOf(sorted);
  if (variance === 0) return [sorted[0]!, sorted[0]!];
  const acceleration = skewness / 6;
  const bias = normalQuantile(shareBelow(sorted, resampled.value));
  const degrees = degreesOfFreedom(resampled, variance);
  const quantile = degrees < mostDegrees ? studentQuantile(1 - tail, degrees) : normalReach;
  const reach = quantile * correctDeviation(resampled, variance);
  const endOf = (z: number): number => {
    const moved = bias + z;
    // Beyond the pole of a strong acceleration the end is the outermost value.
    const slack = Math.max(1e-12, 1 - acceleration * moved);
    return percentile(sorted, normalCdf(bias + moved / slack));
  };
  return [endOf(-reach), endOf(reach)];
}

/**
 * The jackknife's deviation over the bootstrap's, which is too small where the images of few patients are much alike, and too
 * large where few images are ranked. Where the metric is no smooth function of the weights the jackknife's deviation means
 * little: it is trusted within a tenth.
 */
function correctDeviation({ jackknife, nGroups, drawVariance = 0 }: ResampledValue, variance: number): number {
  const leftOut = jackknife.filter((each) => !Number.isNaN(each));
  const blocks = leftOut.length;
  if (blocks < 2) return 1;
  const ofGroups = ((blocks - 1) ** 2 / blocks) * momentsOf(leftOut).variance * (1 - 1 / nGroups);
  const ratio = Math.sqrt((ofGroups + drawVariance) / variance);
  return Math.min(Math.max(ratio, 1 / mostCorrection), mostCorrection);
}

const mostCorrection = 1.1;

/** Of the groups; where few-shot draws add to the variance, of both, by Welch and Satterthwaite. */
function degreesOfFreedom(resampled: ResampledValue, variance: number): number {
  const { drawVariance = 0, nDraws = 1 } = resampled;
  const ofGroups = degreesOfGroups(resampled.jackknife);
  if (drawVariance <= 0 || nDraws < 2) return ofGroups;
  const byDraws = Math.min(1, drawVariance / variance);
  return 1 / (byDraws ** 2 / (nDraws - 1) + (1 - byDraws) ** 2 / ofGroups);
}

/**
 * How well the variance is known where groups count unequally. For a mean over n groups whose influence has excess kurtosis k
 * and skewness s, the variance's own relative variance is (k + 2) / n. Of that, s^2 / n goes along with the mean, which the
 * acceleration sees to, and 2 / n is what equal groups have, which the normal quantile serves well: (k - s^2) / n is left.
 */
function degreesOfGroups(jackknife: Float64Array): number {
  const leftOut = jackknife.filter((each) => !Number.isNaN(each));
  if (leftOut.length < 2) return mostDegrees;
  const { skewness, kurtosis } = momentsOf(leftOut);
  const uneven = Math.max(0, kurtosis - 3 - skewness ** 2) / leftOut.length;
  return Math.min(mostDegrees, Math.max(fewestDegrees, 2 / uneven));
}

/** Kurtosis of few groups is no reason to widen an interval without end. */
const fewestDegrees = 8;
/** Student's quantile is the normal one. */
const mostDegrees = 1e9;

/** Values equal to the estimate count half; never all or none, whose quantiles are infinite. */
function shareBelow(sorted: Float64Array, value: number): number {
  let below = 0;
  let equal = 0;
  for (const each of sorted) {
    if (each < value) below++;
    else if (each === value) equal++;
    else break;
  }
  const share = (below + equal / 2) / sorted.length;
  return Math.min(Math.max(share, 0.5 / sorted.length), 1 - 0.5 / sorted.length);
}

/** With linear interpolation between the order statistics, as numpy's default. */
export function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.min(Math.floor(place), sorted.length - 2);
  const low = sorted[below]!;
  return low + (place - below) * (sorted[below + 1]! - low);
}

interface Moments {
  readonly variance: number;
  readonly skewness: number;
  readonly kurtosis: number;
}

const noMoments: Moments = { variance: 0, skewness: 0, kurtosis: 3 };

function momentsOf(values: Float64Array): Moments {
  let mean = 0;
  for (const each of values) mean += each / values.length;
  let [second, third, fourth] = [0, 0, 0];
  for (const each of values) {
    const square = (each - mean) ** 2;
    second += square / values.length;
    third += (square * (each - mean)) / values.length;
    fourth += (square * square) / values.length;
  }
  // Rounding of equal values is no variance.
  if (!(Math.sqrt(second) > 1e-14 * Math.abs(mean))) return noMoments;
  const variance = (second * values.length) / (values.length - 1);
  return { variance, skewness: third / second ** 1.5, kurtosis: fourth / second ** 2 };
}
