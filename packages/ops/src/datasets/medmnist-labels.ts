import type { LabelledExamples } from "../artifacts/examples.ts";
import { OpError } from "../op-error.ts";
import { singleLabelProblem } from "./class-names.ts";
import type { LabelMatrix } from "./medmnist-arrays.ts";

export type NamedLabels = Pick<LabelledExamples, "problem" | "classNames" | "labels">;

export interface ClassNaming {
  /** What the program says. */
  readonly classes: readonly string[] | null;
  /** What a set of the file's name is published with: used where the labels can be of that set. */
  readonly published: readonly string[] | null;
}

/** Numbers above this are no class indices; names for them would fill the memory. */
const maxClasses = 10_000;

/**
 * One column of labels holds class numbers (two classes: binary), several columns hold 0/1 flags (multi-label).
 * @param matrices of each split, one row for each image or volume
 * @param repeats of each split, how often each row counts: a volume's label is that of all its slices
 * @throws OpError `array-unexpected`, `array-bad-label`, `class-names-differ`, `too-few-classes`
 */
export function toLabels(
  matrices: readonly LabelMatrix[],
  repeats: readonly number[],
  { classes, published }: ClassNaming,
): NamedLabels {
  const width = matrices[0]?.width ?? 1;
  const other = matrices.find((matrix) => matrix.width !== width);
  if (other !== undefined) {
    throw new OpError(
      "array-unexpected",
      `The array ${other.name} has ${String(other.width)} columns where ${matrices[0]?.name ?? ""} has ${String(width)}.`,
    );
  }
  const found = width > 1 ? width : countClasses(matrices);
  const fits = (names: readonly string[]): boolean => (width > 1 ? names.length === width : names.length >= found);
  if (classes !== null && !fits(classes)) {
    throw new OpError(
      "class-names-differ",
      `\`classes\` names ${String(classes.length)} classes, but the labels have ${String(found)}.`,
    );
  }
  if (width > 1) refuseNonFlags(matrices);
  const numbers = Array.from({ length: found }, (_, index) => String(index));
  const classNames = classes ?? (published !== null && fits(published) ? published : numbers);
  const problem = width > 1 ? "multi-label" : singleLabelProblem(classNames, matrices[0]?.name ?? "The file");
  return { problem, classNames, labels: { width, values: repeatRows(matrices, repeats) } };
}

function repeatRows(matrices: readonly LabelMatrix[], repeats: readonly number[]): Int32Array {
  const length = matrices.reduce((sum, { values }, place) => sum + values.length * repeats[place]!, 0);
  const all = new Int32Array(length);
  let at = 0;
  for (const [place, { count, width, values }] of matrices.entries()) {
    for (let row = 0; row < count; row++) {
      const label = values.slice(row * width, (row + 1) * width);
      for (let time = 0; time < repeats[place]!; time++) {
        all.set(label, at);
        at += width;
      }
    }
  }
  return all;
}

/** One more than the highest class number. */
function countClasses(matrices: readonly LabelMatrix[]): number {
  let highest = -1;
  for (const { name, values } of matrices) {
    values.forEach((value, index) => {
      if (value < 0 || value >= maxClasses) throw badLabel(name, index, `${String(value)} is no class number`);
      highest = Math.max(highest, value);
    });
  }
  return highest + 1;
}

function refuseNonFlags(matrices: readonly LabelMatrix[]): void {
  for (const { name, values, width } of matrices) {
    const index = values.findIndex((value) => value !== 0 && value !== 1);
    if (index >= 0) throw badLabel(name, Math.floor(index / width), `expected 0 or 1, found ${String(values[index])}`);
  }
}

function badLabel(name: string, row: number, problem: string): OpError {
  return new OpError("array-bad-label", `The array ${name}, row ${String(row)}: ${problem}.`);
}
