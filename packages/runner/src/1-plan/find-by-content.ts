import type { Digest, Recipe } from "../hash/digests.ts";
import type { ContentAnswer, Store } from "../store/store.ts";
import { contentKey } from "./manifest.ts";

/** What the same recipe gave on inputs of these very bytes, by input name; null where it was never asked of them. */
export function findByContent(
  store: Store,
  recipe: Recipe,
  inputs: Readonly<Record<string, Digest>>,
): ContentAnswer | null {
  return store.findContentAnswer(recipe, contentKey(recipe, inputs));
}
