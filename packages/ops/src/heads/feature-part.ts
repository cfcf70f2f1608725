import type { ExampleSet } from "../artifacts/examples.ts";
import type { FeatureMatrix } from "../artifacts/features.ts";
import { OpError } from "../op-error.ts";

/** One part of the feature rows of a split's examples, e.g. the class tokens of the last block. */
export interface FeaturePart {
  readonly name: string;
  readonly rows: number;
  readonly width: number;
  /** Row-major float32, [rows, width]; all values are finite. */
  readonly values: Float32Array;
}

/**
 * Takes the named part (null: the layout's default one) of every row.
 * @throws OpError `part-unknown`, or `feature-not-finite` naming the example
 */
export function takePart(features: FeatureMatrix, examples: ExampleSet, name: string | null): FeaturePart {
  requireRowsOf(features, examples);
  const { parts, defaultPart } = features.layout;
  const wanted = name ?? defaultPart;
  const index = parts.findIndex((part) => part.name === wanted);
  const width = parts[index]?.width;
  if (width === undefined) {
    const known = parts.map((part) => part.name).join(", ");
    throw new OpError("part-unknown", `The features have no part "${wanted}".`, `Parts of this backbone: ${known}.`);
  }

  const rowWidth = parts.reduce((sum, part) => sum + part.width, 0);
  const offset = parts.slice(0, index).reduce((sum, part) => sum + part.width, 0);
  const rows = features.digests.length;
  const values = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const start = row * rowWidth + offset;
    values.set(features.data.subarray(start, start + width), row * width);
  }
  const part: FeaturePart = { name: wanted, rows, width, values };
  requireFinite(part, examples);
  return part;
}

/** The runner gathers rows in the order of the examples; anything else would give every example another one's features. */
function requireRowsOf(features: FeatureMatrix, examples: ExampleSet): void {
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
