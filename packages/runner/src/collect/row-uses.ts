import type { Op } from "@exp-lab/ops";
import { readRowSet } from "../2-execute/row-set.ts";
import type { Digest, Recipe } from "../hash/digests.ts";
import type { Store } from "../store/store.ts";
import type { StoreInventory } from "../store/upkeep.ts";

/** The day on which each row was last used, by recipe and example: that of the latest answer which is made of it. */
export type RowUses = ReadonlyMap<Recipe, ReadonlyMap<string, number>>;

/** Reads the stored row sets, yielding after each. Rows that none of them names are not in it. */
export function* findRowUses(
  { answers, artifacts }: StoreInventory,
  ops: ReadonlyMap<string, Op>,
  store: Store,
): Generator<void, RowUses> {
  const days = new Map<Digest, number>();
  for (const { artifact, day } of answers) days.set(artifact, Math.max(day, days.get(artifact) ?? 0));
  const kinds = rowSetKinds(ops);
  const uses = new Map<Recipe, Map<string, number>>();
  for (const { digest, kind } of artifacts) {
    const day = days.get(digest);
    const stored = day === undefined || !kinds.has(kind) ? null : store.readArtifact(digest);
    if (day === undefined || stored === null) continue;
    const set = readRowSet(stored.bytes);
    if (set === null) continue;
    const { recipe, examples } = set;
    const ofRecipe = uses.get(recipe) ?? new Map<string, number>();
    uses.set(recipe, ofRecipe);
    for (const example of examples) ofRecipe.set(example, Math.max(day, ofRecipe.get(example) ?? 0));
    yield;
  }
  return uses;
}

/** The kinds of artifact that may name rows instead of holding values. */
export function rowSetKinds(ops: ReadonlyMap<string, Op>): ReadonlySet<string> {
  return new Set([...ops.values()].filter(({ shape }) => shape === "per example").map((op) => op.signature.output));
}
