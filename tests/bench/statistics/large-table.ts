import type { Predictions } from "@exp-lab/ops";
import { createRandom } from "./simulated-patients.ts";

/** As many images and patients as NIH ChestX-ray14 has for testing, and a table over them. */
export const largeTable = { rows: 12, columns: 10, images: 25_596, patients: 2797, resamples: 2000, seed: 7 };

/** Shares of positives, about as wide apart as the findings of chest radiographs. */
const prevalences = [0.128, 0.042, 0.071, 0.036, 0.182, 0.043, 0.017, 0.003, 0.239, 0.068, 0.063, 0.045, 0.022, 0.104];

/** The answer of one cell: other scores of the same images. One class, or all fourteen as flags. */
export function cellPredictions(row: number, column: number, classes: 1 | 14): Predictions {
  const shared = createRandom(1);
  const groups = drawGroups(shared);
  const width = classes === 1 ? 1 : classes;
  const labels = Int32Array.from({ length: groups.length * width }, (_, at) =>
    shared() < (prevalences[classes === 1 ? 4 : at % width] ?? 0) ? 1 : 0,
  );
  const random = createRandom(2 + row * largeTable.columns + column);
  const scores = new Float64Array(groups.length * Math.max(2, classes));
  labels.forEach((label, at) => {
    // Sums of three uniform numbers, moved by the label: an AUROC of about 0.75 that differs from row to row.
    const score = (random() + random() + random() + label * (0.45 + 0.01 * row)) / 3.7;
    if (classes === 1) [scores[2 * at], scores[2 * at + 1]] = [1 - score, score];
    else scores[at] = score;
  });
  return {
    problem: classes === 1 ? "binary" : "multi-label",
    classNames: classes === 1 ? ["no", "yes"] : prevalences.map((_, index) => `finding ${String(index)}`),
    ids: groups.map((_, image) => `image ${String(image)}`),
    groups,
    labels: { width, values: labels },
    scores,
    unusable: null,
    notes: [],
  };
}

/** Every patient has an image; the others fall to patients in very unequal shares, in the order of the patients. */
function drawGroups(random: () => number): readonly string[] {
  const { images, patients } = largeTable;
  const shares = Array.from({ length: patients }, () => -Math.log(1 - random()));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const counts = shares.map((share) => 1 + Math.floor((share / total) * (images - patients)));
  let left = images - counts.reduce((sum, count) => sum + count, 0);
  for (let patient = 0; left > 0; patient = (patient + 1) % patients, left--) counts[patient]!++;
  return counts.flatMap((count, patient) => new Array<string>(count).fill(`patient ${String(patient)}`));
}
