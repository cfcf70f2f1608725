import { readFileSync } from "node:fs";
import type { StoredWeight } from "../../../packages/ops/src/backbones/weights/weight-table.ts";

/** What `published_sizes.py` wrote of one published file. */
export interface PublishedFile {
  /** The backbone's name. */
  readonly name: string;
  readonly file: string;
  /** Of the publisher's own file; absent: not known, so that the names were not held to it. */
  readonly bytes?: number;
  /** How many tensors features come from. */
  readonly tensors: number;
  /** Their parameters. */
  readonly parameters: number;
  /** SHA-256 of their names and shapes, see `digestOfTensors`. */
  readonly sha256: string;
  /** All tensors of the file: `{}` stands for each of the numbers, from 0 on where only their count is given. */
  readonly weights: readonly (readonly [
    name: string,
    shape: readonly number[],
    numbers?: number | readonly number[],
  ])[];
}

export function readPublishedFiles(): readonly PublishedFile[] {
  const text = readFileSync(new URL("published_sizes.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly files: readonly PublishedFile[] }).files;
}

/** The tensors of the file by its own names, lying in a file that nobody has. */
export function tensorsOf({ weights }: PublishedFile): ReadonlyMap<string, StoredWeight> {
  const tensors = new Map<string, StoredWeight>();
  for (const [pattern, shape, numbers = [0]] of weights) {
    const places = typeof numbers === "number" ? Array.from({ length: numbers }, (_, place) => place) : numbers;
    const bytes = 4 * shape.reduce((product, size) => product * size, 1);
    const stored: StoredWeight = { type: "float32", shape, place: { kind: "file", path: 0, offset: 0, bytes } };
    for (const place of places) tensors.set(pattern.replace("{}", String(place)), stored);
  }
  return tensors;
}
