import type { NpyArray } from "@exp-lab/ops";
import type { RowColumn, StoredRows } from "./stored-rows.ts";

export interface ArrayOptions {
  /** Whether the data set's own ids stand beside the digests. */
  readonly hasIds: boolean;
  /** Whether the rows are of several splits: an array then says which. */
  readonly hasSplits: boolean;
}

/**
 * The arrays of one archive: those of the rows, `labels`, `digests`, and what holds for all rows. Several splits stand one
 * after the other, without the augmented views of images and with each example once.
 */
export function rowsToArrays(
  sources: readonly StoredRows[],
  { hasIds, hasSplits }: ArrayOptions,
): Readonly<Record<string, NpyArray>> {
  const [first] = sources;
  if (first === undefined) throw new Error("There are no rows to export.");
  const picked = hasSplits
    ? pickOnce(sources)
    : sources.flatMap((source) => source.examples.map((_, row) => ({ source, row })));
  const columns = first.columns.map(
    ({ name }, at) => [name, joinColumn(picked, ({ columns }) => columns[at]!)] as const,
  );
  const names = (nameOf: (place: Place) => string): NpyArray => ({ strings: picked.map(nameOf) });
  return {
    ...Object.fromEntries(columns),
    ...Object.fromEntries(Object.entries(first.texts).map(([name, strings]) => [name, { strings }])),
    labels: joinLabels(picked, first),
    digests: names(({ source, row }) => source.examples[row]!.digest),
    ...(hasIds && { ids: names(({ source, row }) => source.examples[row]!.id) }),
    ...(hasSplits && { splits: names(({ source }) => source.split) }),
  };
}

interface Place {
  readonly source: StoredRows;
  readonly row: number;
}

function pickOnce(sources: readonly StoredRows[]): readonly Place[] {
  const seen = new Set<string>();
  return sources.flatMap((source) =>
    source.examples.flatMap(({ id, view }, row) => {
      if (view !== undefined || seen.has(id)) return [];
      seen.add(id);
      return [{ source, row }];
    }),
  );
}

function joinColumn(picked: readonly Place[], columnOf: (source: StoredRows) => RowColumn): NpyArray {
  const width = picked[0] === undefined ? 0 : columnOf(picked[0].source).width;
  const isDouble = picked.some(({ source }) => columnOf(source).values instanceof Float64Array);
  const data = isDouble ? new Float64Array(picked.length * width) : new Float32Array(picked.length * width);
  picked.forEach(({ source, row }, place) => {
    data.set(columnOf(source).values.subarray(row * width, (row + 1) * width), place * width);
  });
  return { shape: [picked.length, width], data };
}

function joinLabels(picked: readonly Place[], { labels: { width } }: StoredRows): NpyArray {
  const data = new Int32Array(picked.length * width);
  picked.forEach(({ source: { labels }, row }, place) => {
    data.set(labels.values.subarray(row * width, (row + 1) * width), place * width);
  });
  return { shape: width === 1 ? [picked.length] : [picked.length, width], data };
}
