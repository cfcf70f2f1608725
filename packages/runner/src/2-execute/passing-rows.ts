import type { Example } from "@exp-lab/ops";
import type { Digest, Fingerprint, Recipe } from "../hash/digests.ts";
import type { Store } from "../store/store.ts";
import type { StoreRemoval } from "../store/upkeep.ts";

/** Rows that are made for one run alone (fresh views): nothing of them is kept. */
export interface PassingRows {
  readonly fingerprint: Fingerprint;
  /** The set of the rows. */
  readonly artifact: Digest;
  readonly recipe: Recipe;
  readonly examples: ReadonlySet<string>;
}

/** The digests of those examples whose rows are not to be kept. */
export function passingExamples(examples: readonly Example[]): ReadonlySet<string> {
  return new Set(examples.flatMap(({ view, digest }) => (view?.recipe.stored === false ? [digest] : [])));
}

/**
 * Removes, once everything that needed them has ended, the rows, their sets and the answers that name them. A killed run leaves
 * them behind: the next one goes on with them.
 */
export function* dropPassingRows(passing: readonly PassingRows[], store: Store): Generator<void, void> {
  if (passing.length === 0) return;
  const taking = store.takeInventory();
  let step = taking.next();
  for (; step.done !== true; step = taking.next()) yield;
  const { shards, contentAnswers } = step.value;
  const sets = new Set(passing.map(({ artifact }) => artifact));
  const examplesOf = (recipe: Recipe): readonly ReadonlySet<string>[] =>
    passing.filter((rows) => rows.recipe === recipe).map(({ examples }) => examples);
  const removal: StoreRemoval = {
    answers: passing.map(({ fingerprint }) => fingerprint),
    contentAnswers: contentAnswers.filter(({ artifact }) => sets.has(artifact)),
    artifacts: [...sets],
    rows: shards.flatMap(({ id, recipe, examples }) => {
      const ofRecipe = examplesOf(recipe);
      const gone = examples.filter((example) => ofRecipe.some((set) => set.has(example)));
      return gone.length === 0 ? [] : [{ id, recipe, examples: gone }];
    }),
    historyBefore: null,
  };
  yield* store.remove(removal);
}
