import type { ExampleSet } from "../artifacts/examples.ts";
import type { FeatureMatrix } from "../artifacts/features.ts";
import { OpError } from "../op-error.ts";
import { rowWidth, type RowLayout } from "../rows.ts";

/** One part of the feature rows of a split's examples, e.g. the class tokens of the last block. */
export interface FeaturePart {
  readonly name: string;
  readonly rows: number;
  readonly width: number;
  /** Row-major float32, [rows, width]; all values are finite. */
  readonly values: Float32Array;
}

/**
 * Takes the named parts (null: the layout's default one) of every row, one after the other.
 * @throws OpError `part-unknown`, or `feature-not-finite` naming the example
 */
export function takeParts(features: FeatureMatrix, examples: ExampleSet, names: readonly string[] | null): FeaturePart {
  requireRowsOf(features, examples);
  const ranges = columnsOf(features.layout, names ?? [features.layout.defaultPart]);
  const stride = rowWidth(features.layout);
  const rows = features.digests.length;
  const width = ranges.reduce((sum, { length }) => sum + length, 0);
  const values = new Float32Array(rows * width);
  let slot = 0;
  for (let row = 0; row < rows; row++) {
    for (const { start, length } of ranges) {
      values.set(features.data.subarray(row * stride + start, row * stride + start + length), slot);
      slot += length;
    }
  }
  const part: FeaturePart = { name: (names ?? [features.layout.defaultPart]).join(" + "), rows, width, values };
  requireFinite(part, examples);
  return part;
}

/** The same for one part. */
export function takePart(features: FeatureMatrix, examples: ExampleSet, name: string | null): FeaturePart {
  return takeParts(features, examples, name === null ? null : [name]);
}

export interface ColumnRange {
  readonly start: number;
  readonly length: number;
}

/** Where the named parts lie in a row. @throws OpError `part-unknown` */
export function columnsOf({ parts }: RowLayout, names: readonly string[]): readonly ColumnRange[] {
  return names.map((wanted) => {
    const index = parts.findIndex((part) => part.name === wanted);
    const part = parts[index];
    if (part !== undefined) return { start: rowWidth({ parts: parts.slice(0, index) }), length: part.width };
    const known = parts.map(({ name }) => name).join(", ");
    throw new OpError("part-unknown", `The features have no part "${wanted}".`, `Parts of this backbone: ${known}.`);
  });
}

/** The runner gathers rows in the order of the examples; anything else would give every example another one's features. */
export function requireRowsOf(features: FeatureMatrix, examples: ExampleSet): void {
  const isInOrder =
    features.digests.length === examples.examples.length &&
    examples.examples.every((example, row) => example.digest === features.digests[row]);
  if (!isInOrder) throw new Error("The rows of the features are not those of the examples, in their order.");
}

function requireFinite(part: FeaturePart, examples: ExampleSet): void {
  const wrong = part.values.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return;
  const id = examples.examples[Math.floor(wrong / part.width)]?.id ?? "";
  const column = wrong % part.width;
  throw new OpError(
    "feature-not-finite",
    `Feature ${String(column)} of part "${part.name}" is ${String(part.values[wrong])} for example ${id}.`,
    "A head needs finite numbers: check this image and the weights and preprocessing of the backbone.",
  );
}
