/** What a file of weights holds, by name, without its values: these stay where they are until a graph is loaded. */
export interface WeightTable {
  /** The file's own name, for messages. */
  readonly file: string;
  /** The files that hold values, by absolute path: one, or the shards of an index. */
  readonly paths: readonly string[];
  /** By name as the file has it; the names of nested dictionaries are joined by dots. */
  readonly weights: ReadonlyMap<string, StoredWeight>;
}

/** One tensor, little-endian and row-major. */
export interface StoredWeight {
  readonly type: WeightType;
  readonly shape: readonly number[];
  readonly place: WeightPlace;
}

/**
 * `file`: in place, contiguous, `bytes` long from `offset` (bytes) of `paths[path]`. `apart`: it lies compressed, strided or in
 * another byte order, so that it has to be read into memory.
 */
export type WeightPlace =
  | { readonly kind: "file"; readonly path: number; readonly offset: number; readonly bytes: number }
  | { readonly kind: "apart"; readonly read: () => Promise<Uint8Array> };

/** Element types of weights, and the bytes of one element. */
export const weightTypes = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
} as const;

export type WeightType = keyof typeof weightTypes;

export function weightBytes({ type, shape }: Pick<StoredWeight, "type" | "shape">): number {
  return shape.reduce((product, size) => product * size, weightTypes[type]);
}
