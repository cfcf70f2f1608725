import type { SplitName } from "@exp-lab/dsl";
import type { DatasetIndex } from "../../../packages/ops/src/artifacts/dataset.ts";

/** One image of a made-up data set. */
export interface MadeRow {
  readonly split: SplitName;
  /** What the image shows: equal words are equal bytes. By default its own. */
  readonly image?: string;
  readonly patient?: string | null;
  readonly bag?: string;
  /** A class index, or one flag per class. */
  readonly label?: number | readonly number[];
}

/** Images `0`, `1`, ... as a data set; multi-label where the rows have flags. */
export function indexOf(rows: readonly MadeRow[], classes = 2): DatasetIndex {
  const labels = rows.map(({ label = 0 }) => label);
  const isMultiLabel = labels.some((label) => typeof label !== "number");
  return {
    problem: isMultiLabel ? "multi-label" : classes === 2 ? "binary" : "multi-class",
    classNames: Array.from({ length: classes }, (_, number) => `class ${String(number)}`),
    examples: rows.map(({ image, patient, bag }, row) => ({
      id: String(row),
      digest: `digest of ${image ?? `row ${String(row)}`}`,
      locator: String(row),
      group: patient ?? null,
      ...(bag !== undefined && { bag }),
    })),
    labels: { width: isMultiLabel ? classes : 1, values: Int32Array.from(labels.flat()) },
    splits: rows.map(({ split }) => split),
  };
}
