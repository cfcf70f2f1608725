import { OpError } from "../op-error.ts";
import { mapConcurrently, type ConcurrencyOptions } from "./map-concurrently.ts";

export interface TryOptions<Item> extends ConcurrencyOptions {
  /** Whether the item's file could be read when the run was planned. */
  readonly wasRead?: (item: Item) => boolean;
}

/**
 * What each item gives, or why it cannot be had, in order. What fails is tried once more with nothing beside it: a decoder that
 * runs out of memory among others calls a sound file damaged, and an index would keep that for good.
 * @throws whatever is no OpError, and what is no property of the file: that it came in, or cannot be read any more
 */
export async function tryEach<Item, Result>(
  items: readonly Item[],
  attempt: (item: Item) => Promise<Result>,
  { wasRead = () => false, ...options }: TryOptions<Item>,
): Promise<readonly (Result | OpError)[]> {
  const results = [...(await mapConcurrently(items, (item) => tryOne(item, attempt), options))];
  for (const [index, first] of results.entries()) {
    if (!(first instanceof OpError)) continue;
    options.signal?.throwIfAborted();
    const item = items[index] as Item;
    const second = await tryOne(item, attempt);
    if (second instanceof OpError && isPassing(second, wasRead(item))) throw second;
    results[index] = second;
  }
  return results;
}

async function tryOne<Item, Result>(item: Item, attempt: (item: Item) => Promise<Result>): Promise<Result | OpError> {
  try {
    return await attempt(item);
  } catch (error) {
    if (error instanceof OpError) return error;
    throw error;
  }
}

function isPassing({ code }: OpError, wasRead: boolean): boolean {
  return code === "dataset-changed" || (wasRead && (code === "file-missing" || code === "file-unreadable"));
}
