import type { OpSignature } from "@exp-lab/dsl";
import type { ProblemKind } from "../artifacts/examples.ts";
import { paramsOf } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import { singleLabelProblem, sortedClassNames } from "./class-names.ts";
import type { DatasetFormat } from "./dataset-format.ts";
import { fileDataset } from "./file-dataset.ts";
import { listImageFolder } from "./list-image-folder.ts";
import { readingFacts, readingParams } from "./reading-params.ts";

const signature = {
  name: "image_folder",
  version: 1,
  summary: "Images sorted into folders: root/SPLIT/CLASS/NAME (PNG, JPEG, TIFF, DICOM, .npy or .npz).",
  use: "constructor",
  role: "dataset",
  params: {
    root: { type: "directory", summary: "The folder that holds the split folders." },
    problem: {
      type: "choice",
      choices: ["auto", "binary", "multi-class"],
      summary: "What is predicted; `auto` is binary for two classes.",
      default: "auto",
    },
    classes: {
      type: "list",
      items: { type: "string", summary: "A class folder." },
      summary:
        "The class folders in order (class 1 of two is the positive one); by default those found, numbers by value, others by code unit.",
      default: null,
    },
    train: {
      type: "list",
      items: { type: "string", summary: "A folder name." },
      summary: "Folder names that stand for the training split; one of them may exist.",
      default: ["train", "Train", "training", "Training"],
    },
    val: {
      type: "list",
      items: { type: "string", summary: "A folder name." },
      summary: "Folder names that stand for the validation split; one of them may exist.",
      default: ["val", "Val", "valid", "Valid", "validation", "Validation"],
    },
    test: {
      type: "list",
      items: { type: "string", summary: "A folder name." },
      summary: "Folder names that stand for the test split; one of them may exist.",
      default: ["test", "Test", "testing", "Testing"],
    },
    ...readingParams,
  },
  inputs: {},
  output: "dataset",
  facts: {
    ...readingFacts,
    labels: [{ is: "single-label" }],
    patients: [{ is: false }],
    bags: [{ is: false }],
    classNames: ["classes"],
  },
} as const satisfies OpSignature;

/**
 * The classes are the folder names of all splits together, sorted unless they are given; an example's id and locator are its name relative
 * to the root. No patient is known: groups are null.
 */
export const imageFolder: DatasetFormat = fileDataset({
  signature,
  root: (params) => paramsOf(signature, { params }).root.path,
  list: async (given, onProblem) => {
    const params = paramsOf(signature, { params: given });
    const { train, val, test } = params;
    const images = await listImageFolder(params.root.path, { train, val, test }, onProblem);
    const classNames = orderClasses(sortedClassNames(images.map(({ className }) => className)), params.classes);
    const classIndex = new Map(classNames.map((name, index) => [name, index]));
    return {
      problem: problemOf(classNames, params.problem),
      classNames,
      labels: { width: 1, values: Int32Array.from(images, ({ className }) => classIndex.get(className) ?? -1) },
      images: images.map(({ name, split }) => ({ name, locator: name, split })),
    };
  },
});

/** The classes found, in the order in which `classes` names them: each of them once, and no others. */
function orderClasses(found: readonly string[], classes: readonly string[] | null): readonly string[] {
  if (classes === null) return found;
  const isSame = classes.length === found.length && found.every((name) => classes.includes(name));
  if (isSame) return classes;
  throw new OpError(
    "class-names-differ",
    `\`classes\` names ${classes.join(", ")}, but the class folders are ${found.join(", ")}.`,
    "Name each class folder once.",
  );
}

function problemOf(classNames: readonly string[], wanted: "auto" | "binary" | "multi-class"): ProblemKind {
  const found = singleLabelProblem(classNames, "The image folder");
  if (wanted === "binary" && found !== "binary") {
    throw new OpError(
      "not-binary",
      `A binary problem has two classes, but the folders name ${String(classNames.length)}: ${classNames.join(", ")}.`,
      'Leave out `problem`, or write `problem: "multi-class"`.',
    );
  }
  return wanted === "auto" ? found : wanted;
}
