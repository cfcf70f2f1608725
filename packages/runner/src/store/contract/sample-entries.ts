import { createHash } from "node:crypto";
import type { RowLayout } from "@exp-lab/ops";
import { digestOf, type ContentKey, type Digest, type Fingerprint, type Recipe } from "../../hash/digests.ts";
import type { ComputedCost, NewAnswer, NewShard, RunId, Store } from "../store.ts";

/** Hashes from names, so that a test reads like what it is about. */
export function hashOf(name: string): string {
  return createHash("sha256").update(name).digest("hex");
}

export const fingerprintOf = (name: string): Fingerprint => hashOf(name) as Fingerprint;
export const recipeOf = (name: string): Recipe => hashOf(name) as Recipe;
export const contentKeyOf = (name: string): ContentKey => hashOf(name) as ContentKey;
export const digestNamed = (name: string): Digest => hashOf(name) as Digest;

export function startRun(store: Store): RunId {
  return store.startRun({ program: "table.exp", startedAt: new Date("2026-02-03T04:05:06Z"), environment: "{}" });
}

export interface AnswerParts {
  /** Names the question. */
  readonly name: string;
  readonly run: RunId;
  readonly bytes?: Uint8Array;
  /** Names the recipe and the input under which the answer is found by content. */
  readonly content?: { readonly recipe: string; readonly input: string };
}

/** An answer whose fields all follow from its name. */
export function answerOf({ name, run, bytes = Buffer.from(`bytes of ${name}`), content }: AnswerParts): NewAnswer {
  return {
    fingerprint: fingerprintOf(name),
    manifest: `{"op":"${name}"}`,
    kind: "score",
    artifact: digestOf(bytes),
    bytes,
    run,
    seconds: 1.5,
    ...(content === undefined
      ? {}
      : {
          content: {
            key: contentKeyOf(`${content.recipe} on ${content.input}`),
            recipe: recipeOf(content.recipe),
            inputs: { examples: digestNamed(content.input) },
          },
        }),
  };
}

export function costOf(op: string, seconds: number): ComputedCost {
  const bytes = { storedBytes: 10, inputBytes: 20, outputBytes: 30, peakBytes: 40 };
  return { op, version: 2, seconds, members: 4, examples: null, ...bytes };
}

export const layout: RowLayout = {
  parts: [
    { name: "class-token", width: 3 },
    { name: "patch-mean", width: 2 },
  ],
  defaultPart: "class-token",
};

/** Rows of five floats that follow from the examples' names and the seed. */
export function shardOf(recipe: string, names: readonly string[], run: RunId, seed = 0): NewShard {
  return {
    recipe: recipeOf(recipe),
    layout,
    examples: names.map((name) => hashOf(name)),
    rows: Float32Array.from(names.flatMap((name) => rowOf(name, seed))),
    madeBy: "cpu onnxruntime 1.30.0",
    run,
  };
}

export function rowOf(name: string, seed = 0): readonly number[] {
  const bytes = createHash("sha256")
    .update(`${name} ${String(seed)}`)
    .digest();
  return [0, 4, 8, 12, 16].map((offset) => Math.fround(bytes.readInt32LE(offset) / 2 ** 20));
}

/** All rows of the examples named, and those that are absent. */
export function readRows(store: Store, recipe: string, names: readonly string[]) {
  const target = new Float32Array(names.length * 5).fill(-1);
  const examples = names.map((name) => hashOf(name));
  const reading = store.readRows(recipeOf(recipe), examples, target);
  for (;;) {
    const step = reading.next();
    if (step.done === true) {
      const rows = names.map((_, index) => Array.from(target.subarray(index * 5, index * 5 + 5)));
      return { rows, absent: step.value };
    }
  }
}
