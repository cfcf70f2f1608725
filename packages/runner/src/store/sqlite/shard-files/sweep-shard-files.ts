import { writeFiles } from "../../fail-points.ts";
import type { TableContext } from "../table-context.ts";
import { isCorruption } from "../store-errors.ts";
import type { ShardFile } from "./shard-file.ts";
import type { ShardFileName } from "./shard-folder.ts";
import type { ShardStore } from "./shard-store.ts";

/** Shards whose bytes are removed, or looked up, in one transaction: a few milliseconds. */
const removedAtOnce = 4;
const listedAtOnce = 200;

/** Pages that are given back at a time: 1.6 MB. */
const pagesPerSlice = 100;

/**
 * Removes what no index row names: whole files by unlinking them, else shard by shard, and gives the space back. All under the
 * main file's write lock, so that nobody is between bytes and index; in short steps. A whole file of another store stays: it
 * may be wanted again with that store.
 */
export function* sweepShardFiles(context: TableContext, payloads: ShardStore): Generator<void, void> {
  const isUsed = context.connection
    .prepare<[string, number], number>(
      "select 1 from feature_shard join recipe on recipe.id = feature_shard.recipe " +
        "where recipe.hash = unhex(?) and file = ? limit 1",
    )
    .pluck();
  for (const name of payloads.folder.list()) {
    const isGone = unlinkUnless(() => isUsed.get(name.recipe, name.number) === 1, context, { payloads, name });
    yield;
    if (isGone) continue;
    yield* removeOrphans(context, payloads, name);
    yield* giveBackSpace(context, payloads, name);
  }
}

interface SweptFile {
  readonly payloads: ShardStore;
  readonly name: ShardFileName;
}

function unlinkUnless(isUsed: () => boolean, context: TableContext, { payloads, name }: SweptFile): boolean {
  let isGone = false;
  context.write("drop shard files", () => {
    isGone = !isUsed() && isOurs(payloads, name);
    if (isGone) payloads.folder.unlink(name);
  });
  return isGone;
}

/** Also what is too damaged to say whose it is: nobody can read it. */
function isOurs({ folder }: ShardStore, name: ShardFileName): boolean {
  return folder.open(name) !== null || !folder.isOfOtherStore(name);
}

function* removeOrphans(context: TableContext, payloads: ShardStore, name: ShardFileName): Generator<void, void> {
  const { recipe, number: file } = name;
  for (let after = -1; ;) {
    const shards = tolerant(payloads, name, (opened) => opened.listAfter(after, listedAtOnce)) ?? [];
    const last = shards.at(-1);
    if (last === undefined || last <= after) return;
    const orphans = shards.filter((shard) => !payloads.isIndexed(recipe, { shard, file }));
    for (let start = 0; start < orphans.length; start += removedAtOnce) {
      context.write("drop shards", () => {
        // Asked again under the lock: what was between bytes and index a moment ago is none.
        for (const shard of orphans.slice(start, start + removedAtOnce)) {
          if (payloads.isIndexed(recipe, { shard, file })) continue;
          tolerant(payloads, name, (opened) => {
            opened.remove(shard);
          });
        }
      });
      yield;
    }
    after = last;
    yield;
  }
}

function* giveBackSpace({ watch }: TableContext, payloads: ShardStore, name: ShardFileName): Generator<void, void> {
  const freePages = (): number =>
    tolerant(payloads, name, ({ connection }) => Number(connection.pragma("freelist_count", { simple: true }))) ?? 0;
  for (let free = freePages(); free > 0;) {
    writeFiles("shrink shard file", watch, () =>
      tolerant(payloads, name, ({ connection }) => connection.pragma(`incremental_vacuum(${String(pagesPerSlice)})`)),
    );
    yield;
    const left = freePages();
    if (left >= free) break;
    free = left;
  }
  tolerant(payloads, name, ({ connection }) => connection.pragma("wal_checkpoint(TRUNCATE)"));
}

/** Null where the file is not there, or damaged where it matters: what cannot be removed from it stays. */
function tolerant<Value>({ folder }: ShardStore, name: ShardFileName, work: (file: ShardFile) => Value): Value | null {
  try {
    const file = folder.open(name);
    return file === null ? null : work(file);
  } catch (error) {
    if (isCorruption(error)) return null;
    throw error;
  }
}
