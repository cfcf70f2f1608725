import type { OpSignature, SplitName } from "@exp-lab/dsl";
import { basename } from "node:path";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import type { Example, Labels, ProblemKind } from "../artifacts/examples.ts";
import { paramsOf, type OpContext } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import type { SingleOp } from "../op.ts";
import { arrayLocator, digestOfArrayImage, parseArrayLocator } from "./array-image.ts";
import { singleLabelProblem } from "./class-names.ts";
import type { OpenDatasetReader } from "./dataset-reader.ts";
import { changedImage } from "./file-images.ts";
import { openMedmnistArrays, type ImageStack, type LabelMatrix, type MedmnistArrays } from "./medmnist-arrays.ts";
import { publishedMedmnist } from "./medmnist-published.ts";
import type { FindPublished } from "./published-counts.ts";

const signature = {
  name: "medmnist",
  version: 1,
  summary: "A MedMNIST file: an .npz of arrays train_images, train_labels and likewise val and test.",
  use: "constructor",
  role: "dataset",
  params: {
    file: { type: "file", summary: "The .npz file." },
    classes: {
      type: "list",
      items: { type: "string", summary: "A class." },
      summary: 'Names of the classes, in the order of their numbers; by default "0", "1", ...',
      default: null,
    },
  },
  inputs: {},
  output: "dataset",
  facts: { patients: [{ is: false }], bags: [{ is: false }], classNames: ["classes"] },
} as const satisfies OpSignature;

/** Numbers above this are no class indices; names for them would fill the memory. */
const maxClasses = 10_000;

/**
 * One column of labels holds class numbers (two classes: binary), several columns hold 0/1 flags (multi-label). Ids and
 * locators are `train[12]`; the file names no patients.
 */
export const medmnist: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: async (context) => {
    const { file, classes } = paramsOf(signature, context);
    const arrays = await openMedmnistArrays(file.path);
    try {
      const parts = await readParts(arrays, basename(file.path), context);
      const labelled = toLabels(
        parts.map((part) => part.labels),
        classes,
      );
      return {
        ...labelled,
        examples: parts.flatMap((part) => part.examples),
        splits: parts.flatMap((part) => part.examples.map(() => part.split)),
      } satisfies DatasetIndex;
    } finally {
      await arrays.close();
    }
  },
};

/** Unpacks a split's images when the first of them is asked for, and keeps them until it is closed. */
export const openMedmnist: OpenDatasetReader = async (params) => {
  const arrays = await openMedmnistArrays(paramsOf(signature, { params }).file.path);
  const stacks = new Map<string, Promise<ImageStack>>();
  return {
    readImage: async (example) => {
      const locator = parseArrayLocator(example.locator);
      const split = arrays.splits.find((name) => name === locator.split);
      if (split === undefined) throw changedImage(example.id);
      const stack = stacks.get(split) ?? arrays.readImages(split);
      stacks.set(split, stack);
      const { count, imageAt } = await stack;
      const image = locator.index < count ? imageAt(locator.index) : null;
      if (image === null || digestOfArrayImage(image) !== example.digest) throw changedImage(example.id);
      return image;
    },
    close: () => arrays.close(),
  };
};

/** By the file's name: a file that was renamed is nobody's. */
export const publishedCounts: FindPublished = (params) =>
  publishedMedmnist(basename(paramsOf(signature, { params }).file.path));

interface SplitPart {
  readonly split: SplitName;
  readonly examples: readonly Example[];
  readonly labels: LabelMatrix;
}

async function readParts(
  arrays: MedmnistArrays,
  file: string,
  { signal, progress }: Pick<OpContext, "signal" | "progress">,
): Promise<readonly SplitPart[]> {
  const parts: SplitPart[] = [];
  for (const [position, split] of arrays.splits.entries()) {
    signal.throwIfAborted();
    const images = await arrays.readImages(split);
    const labels = await arrays.readLabels(split);
    if (images.count !== labels.count) {
      throw new OpError(
        "array-lengths-differ",
        `In ${file}, ${split}_images holds ${String(images.count)} images but ${split}_labels holds ${String(labels.count)} labels.`,
        "Fetch the file again, or save both arrays from the same list.",
      );
    }
    const examples = Array.from({ length: images.count }, (_, index) => {
      const locator = arrayLocator(split, index);
      return { id: locator, digest: digestOfArrayImage(images.imageAt(index)), locator, group: null };
    });
    parts.push({ split, examples, labels });
    progress(position + 1, arrays.splits.length);
  }
  return parts;
}

interface NamedLabels {
  readonly problem: ProblemKind;
  readonly classNames: readonly string[];
  readonly labels: Labels;
}

function toLabels(matrices: readonly LabelMatrix[], classes: readonly string[] | null): NamedLabels {
  const width = matrices[0]?.width ?? 1;
  const other = matrices.find((matrix) => matrix.width !== width);
  if (other !== undefined) {
    throw new OpError(
      "array-unexpected",
      `The array ${other.name} has ${String(other.width)} columns where ${matrices[0]?.name ?? ""} has ${String(width)}.`,
    );
  }
  const found = width > 1 ? width : countClasses(matrices);
  if (classes !== null && ((classes.length !== width && width > 1) || classes.length < found)) {
    throw new OpError(
      "class-names-differ",
      `\`classes\` names ${String(classes.length)} classes, but the labels have ${String(found)}.`,
    );
  }
  if (width > 1) refuseNonFlags(matrices);
  const classNames = classes ?? Array.from({ length: found }, (_, index) => String(index));
  const problem = width > 1 ? "multi-label" : singleLabelProblem(classNames, matrices[0]?.name ?? "The file");
  return {
    problem,
    classNames,
    labels: { width, values: Int32Array.from(matrices.flatMap((matrix) => matrix.values)) },
  };
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
