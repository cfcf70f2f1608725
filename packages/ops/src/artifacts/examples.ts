import {
  damagedArtifact,
  decodeDocument,
  encodeDocument,
  type ArtifactCodec,
  type ArtifactDocument,
  type JsonObject,
} from "./document-codec.ts";
import { arrayOf, choiceField, nullableStringsField, numberField, stringsField } from "./document-fields.ts";
import { decodeViews, viewFields, type ExampleView } from "./example-view.ts";

/** What is predicted. `binary` and `multi-class` have one label per example; `multi-label` has one flag per class. */
export type ProblemKind = "binary" | "multi-class" | "multi-label";

export const problemKinds: readonly ProblemKind[] = ["binary", "multi-class", "multi-label"];

/** One image of a data set. */
export interface Example {
  /** Unique in the data set and stable: a relative file name, or `train[12]` for array files. */
  readonly id: string;
  /** SHA-256 (hex) of the image's source bytes (for arrays: of element type, shape and values). The key of every stored row. */
  readonly digest: string;
  /** How the data set's reader finds the image: a relative name or an index, in the reader's own form. */
  readonly locator: string;
  /** The patient, or whatever may not be spread over splits; null where the source does not say. */
  readonly group: string | null;
  /** The bag that the image is one instance of (a CT scan's slices); all its images have the bag's label. Absent: an image of its own. */
  readonly bag?: string;
  /** Absent: the image as it is. A view's digest is made from the image's and from what is done to it. */
  readonly view?: ExampleView;
}

/**
 * Labels, row-major, one row per example. `binary` and `multi-class`: one class index per row (width 1).
 * `multi-label`: one 0/1 flag per class (width = number of classes), or -1 where it is not known whether the example has the
 * class: neither fits nor scores of that class count the example.
 */
export interface Labels {
  readonly width: number;
  readonly values: Int32Array;
}

/** Examples and what is predicted of them. */
export interface LabelledExamples {
  readonly problem: ProblemKind;
  readonly classNames: readonly string[];
  readonly examples: readonly Example[];
  readonly labels: Labels;
}

/** The examples that one split holds, after shots and folds: what a fit or a score is taken over. */
export interface ExampleSet extends LabelledExamples {
  /** What a reader of a score on these examples must know, one sentence each, e.g. that some were trained on. */
  readonly notes: readonly string[];
}

/** @throws Error (encoding) or OpError `artifact-damaged` (decoding) where labels and examples do not fit each other */
export const examplesCodec: ArtifactCodec<ExampleSet> = {
  encode: (set) => {
    const problem = problemOf(set);
    if (problem !== null) throw new Error(`Refusing to store these examples: ${problem}.`);
    const fields = { ...exampleFields(set), notes: set.notes };
    return encodeDocument({ kind: "examples", fields, arrays: { labels: set.labels.values } });
  },
  decode: (bytes) => {
    const document = decodeDocument("examples", bytes);
    return { ...decodeExamples(document), notes: stringsField(document, "notes") };
  },
};

/** The fields of examples, by columns, so that names are not repeated per example. Shared with the kind `dataset`. */
export function exampleFields(set: LabelledExamples): JsonObject {
  return {
    problem: set.problem,
    classNames: set.classNames,
    labelWidth: set.labels.width,
    ids: set.examples.map((example) => example.id),
    digests: set.examples.map((example) => example.digest),
    locators: set.examples.map((example) => example.locator),
    groups: set.examples.map((example) => example.group),
    ...(set.examples.some(({ bag }) => bag !== undefined) && { bags: set.examples.map(({ bag }) => bag ?? null) }),
    ...viewFields(set.examples.map(({ view }) => view)),
  };
}

/** What makes an example more than an image: its bag and its view, where the document has such columns. */
function decodeExtras(document: ArtifactDocument): (row: number) => Pick<Example, "bag" | "view"> {
  const bags = "bags" in document.fields ? nullableStringsField(document, "bags") : null;
  const views = decodeViews(document);
  return (row) => {
    const bag = bags?.[row] ?? null;
    const view = views(row);
    return { ...(bag !== null && { bag }), ...(view !== null && { view }) };
  };
}

/** The inverse of `exampleFields`. @throws OpError `artifact-damaged` */
export function decodeExamples(document: ArtifactDocument): LabelledExamples {
  const digests = stringsField(document, "digests");
  const locators = stringsField(document, "locators");
  const groups = nullableStringsField(document, "groups");
  const ids = stringsField(document, "ids");
  if ([digests, locators, groups].some((column) => column.length !== ids.length)) {
    throw damagedArtifact(document.kind, "its columns of examples have different lengths");
  }
  const extrasOf = decodeExtras(document);
  const set: LabelledExamples = {
    problem: choiceField(document, "problem", problemKinds),
    classNames: stringsField(document, "classNames"),
    examples: ids.map((id, index) => ({
      id,
      digest: digests[index] ?? "",
      locator: locators[index] ?? "",
      group: groups[index] ?? null,
      ...extrasOf(index),
    })),
    labels: { width: numberField(document, "labelWidth"), values: arrayOf(document, "labels", Int32Array) },
  };
  const problem = problemOf(set);
  if (problem !== null) throw damagedArtifact(document.kind, problem);
  return set;
}

/** What is inconsistent between examples, classes and labels; null where they fit. */
export function problemOf(set: LabelledExamples): string | null {
  const { problem, classNames, examples, labels } = set;
  const width = problem === "multi-label" ? classNames.length : 1;
  const limit = problem === "multi-label" ? 2 : classNames.length;
  if (problem === "binary" && classNames.length !== 2)
    return `a binary problem has ${String(classNames.length)} class names`;
  if (labels.width !== width) return `its labels are ${String(labels.width)} wide where ${String(width)} is expected`;
  if (labels.values.length !== examples.length * width) {
    return `it has ${String(labels.values.length)} label values for ${String(examples.length)} examples`;
  }
  const lowest = problem === "multi-label" ? -1 : 0;
  const wrong = labels.values.findIndex((value) => value < lowest || value >= limit);
  if (wrong >= 0) {
    const id = examples[Math.floor(wrong / width)]?.id ?? "";
    return `the label ${String(labels.values[wrong])} of example ${id} is not below ${String(limit)}`;
  }
  return null;
}
