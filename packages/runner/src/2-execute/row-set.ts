import { decodeDocument, encodeDocument, OpError, rowWidth, type RowLayout } from "@exp-lab/ops";
import type { Recipe } from "../hash/digests.ts";

/**
 * The artifact of a per-example task: which rows, in which order, with a check over each row's values. The values lie in
 * shards. Two row sets have the same digest exactly when their recipe, order and values are the same.
 */
export interface RowSet {
  readonly recipe: Recipe;
  readonly layout: RowLayout;
  /** Example digests, in the order of the example set. */
  readonly examples: readonly string[];
  /** The store's check of each row, 16 hex digits. */
  readonly checks: readonly string[];
}

const kind = "row-set";

export function encodeRowSet(set: RowSet): Uint8Array {
  return encodeDocument({
    kind,
    fields: {
      recipe: set.recipe,
      defaultPart: set.layout.defaultPart,
      parts: set.layout.parts.map(({ name, width }) => ({ name, width })),
    },
    arrays: { examples: fromHex(set.examples, 32), checks: fromHex(set.checks, 8) },
  });
}

/** @throws OpError `artifact-damaged` where the bytes are not a row set */
export function decodeRowSet(bytes: Uint8Array): RowSet {
  const { fields, arrays } = decodeDocument(kind, bytes);
  const { recipe, parts, defaultPart } = fields as unknown as {
    recipe: Recipe;
    parts: RowLayout["parts"];
    defaultPart: string;
  };
  return {
    recipe,
    layout: { parts, defaultPart },
    examples: toHex(arrays["examples"] as Uint8Array, 32),
    checks: toHex(arrays["checks"] as Uint8Array, 8),
  };
}

/** Null where the bytes are another document: features that a single op has made whole hold their values themselves. */
export function readRowSet(bytes: Uint8Array): RowSet | null {
  try {
    return decodeRowSet(bytes);
  } catch (error) {
    if (error instanceof OpError) return null;
    throw error;
  }
}

/** Bytes of the values of its rows. */
export function rowSetBytes(bytes: Uint8Array): number {
  const { layout, examples } = decodeRowSet(bytes);
  return examples.length * rowWidth(layout) * Float32Array.BYTES_PER_ELEMENT;
}

function fromHex(values: readonly string[], bytesEach: number): Uint8Array {
  const bytes = Buffer.alloc(values.length * bytesEach);
  values.forEach((value, index) => bytes.write(value, index * bytesEach, bytesEach, "hex"));
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function toHex(bytes: Uint8Array, bytesEach: number): readonly string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.byteLength / bytesEach }, (_, index) =>
    buffer.toString("hex", index * bytesEach, (index + 1) * bytesEach),
  );
}
