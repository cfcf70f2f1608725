import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** A tensor as PyTorch or safetensors reads it; see `checkpoints.py`. */
export interface ReferenceTensor {
  readonly type: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** The path of one of the small files that `checkpoints.py` writes. */
export function checkpointPath(file: string): string {
  return fileURLToPath(new URL(`checkpoints/${file}`, import.meta.url));
}

/** What each of these files holds, by file and name. */
export async function readReferenceCheckpoints(): Promise<
  Readonly<Record<string, ReadonlyMap<string, ReferenceTensor>>>
> {
  const text = await readFile(new URL("checkpoints.json", import.meta.url), "utf8");
  const files = JSON.parse(text) as Record<string, Record<string, StoredReference>>;
  return Object.fromEntries(Object.entries(files).map(([file, tensors]) => [file, new Map(parse(tensors))]));
}

/** JSON has no infinity. */
interface StoredReference extends Omit<ReferenceTensor, "values"> {
  readonly values: readonly (number | "inf" | "-inf")[];
}

function parse(tensors: Readonly<Record<string, StoredReference>>): readonly (readonly [string, ReferenceTensor])[] {
  const infinities = { inf: Infinity, "-inf": -Infinity };
  return Object.entries(tensors).map(([name, { type, shape, values }]) => {
    return [name, { type, shape, values: values.map((each) => (typeof each === "string" ? infinities[each] : each)) }];
  });
}
