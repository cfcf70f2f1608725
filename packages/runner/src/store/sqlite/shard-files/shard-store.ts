import { createHash } from "node:crypto";
import type { Recipe } from "../../../hash/digests.ts";
import type { StoredRecipe } from "../recipes.ts";
import { damagedStore, isCorruption } from "../store-errors.ts";
import type { TableContext } from "../table-context.ts";
import type { ShardFile } from "./shard-file.ts";
import type { ShardFolder } from "./shard-folder.ts";

/**
 * The bytes of shards, apart from what says whose they are (`feature_shard`): in the main file, or, once a recipe's shards
 * there pass a budget, in a file of the recipe's own, so that terabytes of patch tokens neither swell the main file nor
 * have to be cut out of it again: the file is dropped by unlinking it.
 *
 * Two files do not commit as one. So bytes are committed first, then the index, and all under the main file's write lock:
 * whoever holds that lock knows that nobody is between the two, and that bytes which no index row names (an orphan) are what a
 * killed process left. No age and no lease has to be asked. The other way round, an index row whose bytes are not there
 * (the machine lost power before they were on the disk; somebody removed the file) is a row that does not verify.
 *
 * What is removed, is removed from the index alone; its bytes are then orphans too, and go with the next sweep.
 */
export interface ShardStore {
  /**
   * Inside the caller's transaction, which has the shard's index row already. Returns the number of the file; with `from`, one
   * of the recipe's own from that number on.
   */
  write(recipe: StoredRecipe, shard: number, bytes: Uint8Array, from?: number): number;
  /** Null where they are gone. @throws SqliteError where pages lead astray */
  read(recipe: Recipe, place: ShardPlace): unknown;
  /** Inside the caller's transaction: bytes in the main file go at once, others with the next sweep. */
  remove(place: ShardPlace): void;
  /** Whether an index row places a shard in a file. */
  isIndexed(recipe: Recipe, place: ShardPlace): boolean;
  readonly folder: ShardFolder;
  close(): void;
}

export interface ShardPlace {
  readonly shard: number;
  /** 0: the main file; n: the recipe's nth file. */
  readonly file: number;
}

export interface ShardStoreOptions {
  readonly folder: ShardFolder;
  /** Bytes of one recipe's shards that the main file takes. */
  readonly budget: number;
  /** The main file's path, for errors. */
  readonly path: string;
}

/** 8 GB. */
export const usualShardBudget = 8_000_000_000;

export function openShardStore(context: TableContext, { folder, budget, path }: ShardStoreOptions): ShardStore {
  const statements = prepareStatements(context);
  /** Files that turned out unusable on writing: this process tries them no more. */
  const unusable = new Set<string>();
  /** Files whose end was looked at for orphans. */
  const swept = new WeakSet<ShardFile>();

  const isIndexed = (recipe: Recipe, { shard, file }: ShardPlace): boolean =>
    statements.isIndexed.get(shard, file, recipe) === 1;

  /**
   * At the first writing into a file, what a killed process left goes. Numbers rise, so that an orphan lies at the end of its
   * file unless somebody wrote behind it meanwhile; those are left to the sweep over whole files, by `exp cache gc` and `verify`.
   */
  const sweepEnd = (file: ShardFile, recipe: Recipe, number: number): void => {
    if (swept.has(file)) return;
    swept.add(file);
    for (let orphans = 0; orphans < mostOrphans; orphans++) {
      const shard = file.lastShard();
      if (shard === 0 || isIndexed(recipe, { shard, file: number })) return;
      file.remove(shard);
    }
  };

  const tryWrite = (recipe: Recipe, { shard, file: number }: ShardPlace, bytes: Uint8Array): boolean => {
    const key = `${recipe} ${String(number)}`;
    if (unusable.has(key)) return false;
    try {
      const file = folder.openOrMake({ recipe, number });
      if (file !== null) {
        sweepEnd(file, recipe, number);
        file.write(shard, bytes);
        return true;
      }
    } catch (error) {
      if (!isCorruption(error)) throw error;
    }
    unusable.add(key);
    return false;
  };

  return {
    folder,
    isIndexed,
    write: (recipe, shard, bytes, from = 0) => {
      if (from === 0 && (statements.mainBytes.get(recipe.id) ?? 0) <= budget) {
        statements.insertMain.run(shard, bytes);
        return 0;
      }
      const newest = Math.max(statements.newestFile.get(recipe.id) ?? 0, from, 1);
      for (let file = newest; file < newest + mostUnusable; file++) {
        if (tryWrite(recipe.recipe, { shard, file }, bytes)) return file;
      }
      throw damagedStore(path, `the files in ${folder.path} cannot be used`);
    },
    read: (recipe, { shard, file }) =>
      file === 0 ? statements.selectMain.get(shard) : (folder.open({ recipe, number: file })?.read(shard) ?? null),
    remove: ({ shard, file }) => {
      if (file === 0) statements.removeMain.run(shard);
    },
    close: () => {
      folder.close();
    },
  };
}

/** More than these are not of one kill; a sweep must stay short. */
const mostOrphans = 4;

/** So many unusable files of one recipe are no accident any more. */
const mostUnusable = 20;

/** Tells a store's files from another one's, without telling its key. */
export function storeIdentity(pseudonymKey: Uint8Array): string {
  return createHash("sha256").update("exp.store.1\n").update(pseudonymKey).digest("hex").slice(0, 32);
}

function prepareStatements({ connection }: TableContext) {
  return {
    mainBytes: connection
      .prepare<[number], number>("select coalesce(sum(row_bytes), 0) from feature_shard where recipe = ? and file = 0")
      .pluck(),
    newestFile: connection
      .prepare<[number], number>("select coalesce(max(file), 0) from feature_shard where recipe = ?")
      .pluck(),
    isIndexed: connection
      .prepare<[number, number, string], number>(
        "select 1 from feature_shard join recipe on recipe.id = feature_shard.recipe " +
          "where feature_shard.id = ? and file = ? and recipe.hash = unhex(?)",
      )
      .pluck(),
    selectMain: connection.prepare<[number]>("select bytes from feature_shard_rows where shard = ?").pluck(),
    insertMain: connection.prepare("insert into feature_shard_rows (shard, bytes) values (?, ?)"),
    removeMain: connection.prepare<[number]>("delete from feature_shard_rows where shard = ?"),
  };
}
