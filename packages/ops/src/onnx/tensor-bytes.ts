import type { GraphTensor, GraphType } from "./graph-builder.ts";
import { elementCount } from "./shapes.ts";

const widths: Readonly<Record<GraphType, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  int32: 4,
  int64: 8,
  bool: 1,
};

/** Bytes of a tensor whose sizes are all known. @throws Error where one is not */
export function bytesOf({ name, shape, type }: GraphTensor): number {
  const count = elementCount(shape);
  if (typeof count !== "number") throw new Error(`The size of ${name} is not known.`);
  return count * widths[type];
}
