import type { OpSignature, SplitName } from "@exp-lab/dsl";
import { basename } from "node:path";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import type { Example } from "../artifacts/examples.ts";
import { paramsOf, type OpContext } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import type { SingleOp } from "../op.ts";
import type { OpenDatasetReader } from "./dataset-reader.ts";
import { changedImage } from "./file-images.ts";
import { openMedmnistArrays, type LabelMatrix, type MedmnistArrays } from "./medmnist-arrays.ts";
import { toLabels } from "./medmnist-labels.ts";
import { medmnistLocator, parseMedmnistLocator } from "./medmnist-locator.ts";
import { findMedmnistFile, publishedMedmnist } from "./medmnist-published.ts";
import type { ImageStack } from "./medmnist-stack.ts";
import type { FindPublished } from "./published-counts.ts";

const signature = {
  name: "medmnist",
  version: 2,
  summary:
    "A MedMNIST file: an .npz of arrays train_images, train_labels and likewise val and test; every volume of a 3D set is the bag of its slices.",
  use: "constructor",
  role: "dataset",
  params: {
    file: { type: "file", summary: "The .npz file." },
    classes: {
      type: "list",
      items: { type: "string", summary: "A class." },
      summary:
        'Names of the classes, in the order of their numbers; by default those of the published set that the file is named after (pathmnist.npz, pathmnist_64.npz), else "0", "1", ...',
      default: null,
    },
  },
  inputs: {},
  output: "dataset",
  // Whether there are bags the file says, not the program.
  facts: { patients: [{ is: false }], classNames: ["classes"] },
} as const satisfies OpSignature;

/**
 * One column of labels holds class numbers (two classes: binary), several columns hold 0/1 flags (multi-label). Ids and
 * locators are `train[12]`. The file names no patients.
 *
 * A volume of S x S x S values is the bag of its S slices along its first axis, `train[12]#0` and so on; all have the volume's
 * label, and the volume is their group.
 *
 * Class 1 of two is the positive one, and the numbers are the file's: BreastMNIST's positive class is `normal, benign`, since
 * 0 stands for `malignant` there.
 */
export const medmnist: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  sourceFiles: (params) => Promise.resolve(namedAfterSet(params)),
  run: async (context) => {
    const { file, classes } = paramsOf(signature, context);
    const name = basename(file.path);
    const arrays = await openMedmnistArrays(file.path);
    try {
      const parts = await readParts(arrays, name, context);
      const labelled = toLabels(
        parts.map(({ labels }) => labels),
        parts.map(({ slices }) => slices ?? 1),
        { classes, published: findMedmnistFile(name)?.set.classes ?? null },
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

/**
 * The file once more, by the name of its set, where that decides what the classes are called: the question would else be the same
 * for a copy of another name.
 */
function namedAfterSet(params: Readonly<Record<string, unknown>>): readonly { name: string; path: string }[] {
  const { file, classes } = paramsOf(signature, { params });
  const named = classes === null ? findMedmnistFile(basename(file.path)) : null;
  return named === null ? [] : [{ name: named.name, path: file.path }];
}

/** Unpacks a split's images when the first of them is asked for, and keeps them until it is closed. */
export const openMedmnist: OpenDatasetReader = async (params) => {
  const arrays = await openMedmnistArrays(paramsOf(signature, { params }).file.path);
  const stacks = new Map<string, Promise<ImageStack>>();
  return {
    readImage: async (example) => {
      const place = parseMedmnistLocator(example.locator);
      const split = arrays.splits.find((name) => name === place.split);
      if (split === undefined) throw changedImage(example.id);
      const reading = stacks.get(split) ?? arrays.readImages(split);
      stacks.set(split, reading);
      const stack = await reading;
      const slice = place.slice ?? 0;
      const isThere =
        (place.slice === null) === (stack.slices === null) && place.index < stack.count && slice < (stack.slices ?? 1);
      if (!isThere || stack.digestAt(place.index, slice) !== example.digest) throw changedImage(example.id);
      return stack.imageAt(place.index, slice);
    },
    close: () => arrays.close(),
  };
};

/** By the file's name: a file that was renamed is nobody's. */
export const publishedCounts: FindPublished = (params, found) =>
  publishedMedmnist(basename(paramsOf(signature, { params }).file.path), found);

interface SplitPart extends Pick<ImageStack, "slices"> {
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
    const stack = await arrays.readImages(split);
    const labels = await arrays.readLabels(split);
    if (stack.count !== labels.count) {
      throw new OpError(
        "array-lengths-differ",
        `In ${file}, ${split}_images holds ${String(stack.count)} images but ${split}_labels holds ${String(labels.count)} labels.`,
        "Fetch the file again, or save both arrays from the same list.",
      );
    }
    const indices = Array.from({ length: stack.count }, (_, index) => index);
    const examples = indices.flatMap((index) => examplesOf(stack, split, index));
    parts.push({ split, examples, labels, slices: stack.slices });
    progress(position + 1, arrays.splits.length);
  }
  return parts;
}

/** An image, or the slices of a volume. */
function examplesOf({ slices, digestAt }: ImageStack, split: SplitName, index: number): readonly Example[] {
  const item = medmnistLocator({ split, index, slice: null });
  if (slices === null) return [{ id: item, digest: digestAt(index, 0), locator: item, group: null }];
  return Array.from({ length: slices }, (_, slice): Example => {
    const locator = medmnistLocator({ split, index, slice });
    return { id: locator, digest: digestAt(index, slice), locator, group: item, bag: item };
  });
}
