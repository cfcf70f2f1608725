import type { Predictions } from "@exp-lab/ops";

/** What a test set is drawn from: scores of two classes that overlap, and that patients shift as a whole. */
export interface SimulatedPatients {
  readonly patients: number;
  readonly imagesEach: number;
  /** The share of positives. */
  readonly positives: number;
  /** The AUROC of the scores. */
  readonly auroc: number;
  /** Whether all images of a patient have one label, or each its own. */
  readonly labelsOf: "patients" | "images";
}

/** What the metrics are in truth, on endlessly many patients. */
export interface Truth {
  readonly auroc: number;
  readonly accuracy: number;
}

/** Half of a score's variance is the patient's. */
const patientShare = 0.5;
/** With fewer patients on a side a table marks the cell, and promises nothing of its interval. */
const fewestPatients = 20;

/**
 * Binormal scores: those of positives lie higher by `distance`, an image is taken for positive above the middle. The logistic of
 * the score stands for its probability, so that the middle is 0.5.
 */
export function drawTestSet(simulated: SimulatedPatients, random: () => number): Predictions {
  for (;;) {
    const drawn = drawOnce(simulated, random);
    if (drawn !== null) return drawn;
  }
}

function drawOnce(simulated: SimulatedPatients, random: () => number): Predictions | null {
  const { patients, imagesEach, positives, labelsOf } = simulated;
  const distance = distanceOf(simulated.auroc);
  const images = patients * imagesEach;
  const labels = new Int32Array(images);
  const scores = new Float64Array(2 * images);
  let [withPositive, withNegative] = [0, 0];
  for (let patient = 0; patient < patients; patient++) {
    const shift = Math.sqrt(patientShare) * normal(random);
    const ofPatient = random() < positives ? 1 : 0;
    let sum = 0;
    for (let row = patient * imagesEach; row < (patient + 1) * imagesEach; row++) {
      const label = labelsOf === "patients" ? ofPatient : random() < positives ? 1 : 0;
      const score = distance * (label - 0.5) + shift + Math.sqrt(1 - patientShare) * normal(random);
      labels[row] = label;
      scores[2 * row + 1] = 1 / (1 + Math.exp(-score));
      scores[2 * row] = 1 - scores[2 * row + 1]!;
      sum += label;
    }
    if (sum > 0) withPositive++;
    if (sum < imagesEach) withNegative++;
  }
  if (Math.min(withPositive, withNegative) < fewestPatients) return null;
  return { ...namesOf(patients, imagesEach), labels: { width: 1, values: labels }, scores };
}

export function truthOf({ auroc }: SimulatedPatients): Truth {
  return { auroc, accuracy: normalCdf(distanceOf(auroc) / 2) };
}

type Names = Omit<Predictions, "labels" | "scores">;

const names = new Map<string, Names>();

function namesOf(patients: number, imagesEach: number): Names {
  const key = `${String(patients)} ${String(imagesEach)}`;
  const kept = names.get(key);
  if (kept !== undefined) return kept;
  const rows = Array.from({ length: patients * imagesEach }, (_, row) => row);
  const made: Names = {
    problem: "binary",
    classNames: ["healthy", "ill"],
    ids: rows.map((row) => `image ${String(row)}`),
    groups: rows.map((row) => `patient ${String(Math.floor(row / imagesEach))}`),
    unusable: null,
    notes: [],
  };
  names.set(key, made);
  return made;
}

/** How far the means of two normal distributions of deviation 1 lie apart for this AUROC. */
function distanceOf(auroc: number): number {
  let [low, high] = [0, 10];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle / Math.SQRT2) < auroc) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** By the series of Abramowitz and Stegun 26.2.11, written apart from what is measured. */
function normalCdf(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 3; k < 300; k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A seeded generator (xorshift128, Marsaglia 2003) in [0, 1), independent of the one whose use is measured. */
export function createRandom(seed: number): () => number {
  let [x, y, z, w] = [123456789 ^ seed, 362436069 + seed * 7919, 521288629, 88675123];
  const word = (): number => {
    const t = x ^ (x << 11);
    [x, y, z] = [y, z, w];
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return w >>> 0;
  };
  for (let warm = 0; warm < 64; warm++) word();
  return () => (word() * 2 ** 21 + (word() >>> 11)) / 2 ** 53;
}
