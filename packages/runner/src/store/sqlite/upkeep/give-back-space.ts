import { writeFiles } from "../../fail-points.ts";
import type { ShardStore } from "../shard-files/shard-store.ts";
import { sweepShardFiles } from "../shard-files/sweep-shard-files.ts";
import type { TableContext } from "../table-context.ts";

/** Pages that are given back at a time: 1.6 MB. */
const pagesPerSlice = 100;

/**
 * Drops files of shards that nobody needs. Cuts free pages off the main file's end, moving used ones forward; then the
 * write-ahead log, where nobody else reads.
 */
export function* giveBackSpace(context: TableContext, payloads: ShardStore): Generator<void, void> {
  yield* sweepShardFiles(context, payloads);
  const { connection, watch } = context;
  const freePages = (): number => Number(connection.pragma("freelist_count", { simple: true }));
  for (let free = freePages(); free > 0;) {
    // Not `simple`: that would take the first step of many alone.
    writeFiles("give back pages", watch, () => connection.pragma(`incremental_vacuum(${String(pagesPerSlice)})`));
    yield;
    const left = freePages();
    if (left >= free) break;
    free = left;
  }
  writeFiles("cut log", watch, () => connection.pragma("wal_checkpoint(TRUNCATE)"));
}
