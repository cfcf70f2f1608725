export interface ConcurrencyOptions {
  /** How many calls are under way at once. */
  readonly limit: number;
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, total: number) => void;
}

/**
 * The results in the order of the items. Starts nothing more once a call fails or the signal is aborted.
 * @throws what the first failing call throws, or the signal's reason
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  call: (item: Item, index: number) => Promise<Result>,
  { limit, signal, progress }: ConcurrencyOptions,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  let done = 0;
  let hasFailed = false;
  const work = async (): Promise<void> => {
    while (next < items.length && !hasFailed) {
      signal?.throwIfAborted();
      const index = next++;
      results[index] = await call(items[index] as Item, index);
      done++;
      progress?.(done, items.length);
    }
  };
  const workers = Array.from({ length: Math.min(limit, items.length) }, () =>
    work().catch((error: unknown) => {
      hasFailed = true;
      throw error;
    }),
  );
  const settled = await Promise.allSettled(workers);
  for (const outcome of settled) if (outcome.status === "rejected") throw outcome.reason;
  return results;
}
