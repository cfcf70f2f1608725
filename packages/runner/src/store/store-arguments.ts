import type { RowLayout } from "@exp-lab/ops";
import { canonicalJson } from "../hash/canonical-json.ts";
import type { NewShard } from "./store.ts";

/** Refuses a key that is not a SHA-256 in 64 lower-case hex digits: two spellings of one key would never meet. */
export function requireHash(text: string): void {
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new Error(`The store was handed ${JSON.stringify(text)} where a SHA-256 in lower-case hex is expected.`);
  }
}

/** Refuses a shard whose rows, examples and layout do not fit each other. Returns the floats of one row. */
export function requireShard(shard: NewShard): number {
  shard.examples.forEach(requireHash);
  const width = layoutWidth(shard.layout);
  if (width < 1 || shard.rows.length !== shard.examples.length * width) {
    throw new Error(
      `A shard has ${String(shard.rows.length)} floats for ${String(shard.examples.length)} rows of ${String(width)}.`,
    );
  }
  return width;
}

/** Refuses a target that has not exactly one row per example. */
export function requireTarget(target: Float32Array, rows: number, width: number): void {
  if (target.length !== rows * width) {
    throw new Error(
      `The target has ${String(target.length)} floats, but ${String(rows)} rows of ${String(width)} were asked for.`,
    );
  }
}

/** One spelling per layout, so that two can be compared. */
export function layoutText(layout: RowLayout): string {
  const parts = layout.parts.map(({ name, width }) => ({ name, width }));
  return canonicalJson({ parts, defaultPart: layout.defaultPart });
}

/** Refuses a second layout under one recipe: the rows of a recipe are all alike. */
export function requireSameLayout(stored: string, given: string): void {
  if (stored !== given) {
    throw new Error(`The rows of one recipe were stored with the layout ${stored} and now come with ${given}.`);
  }
}

/** Bytes decide a digest, so two kinds under one digest mean that a codec forgot to write its kind. */
export function requireSameKind(stored: string, given: string): void {
  if (stored !== given) {
    throw new Error(`The same bytes were stored as an artifact of kind ${stored} and now come as ${given}.`);
  }
}

/** How many past ends of a slot are looked through for one that gave an answer. */
export const formerEnds = 8;

/** Of how many runs, from the newest back, costs are looked for: so that a long history of other machines is not read whole. */
export const costRuns = 400;

/** What a run's tasks are drawn by: the number (32 bits) that a fingerprint begins with. */
export function drawNumber(fingerprint: string): number {
  return Number.parseInt(fingerprint.slice(0, 8), 16);
}

export function unknownRun(run: number): Error {
  return new Error(`The store has no run ${String(run)}: startRun comes first.`);
}

/** Floats in one row. */
export function layoutWidth(layout: RowLayout): number {
  return layout.parts.reduce((width, part) => width + part.width, 0);
}

/** Those of the examples that `isWanted` names by their index, in order, duplicates once. */
export function distinctWhere(examples: readonly string[], isWanted: (index: number) => boolean): readonly string[] {
  return [...new Set(examples.filter((_, index) => isWanted(index)))];
}
