import type { Recipe } from "../../../hash/digests.ts";
import type { RowTable } from "../rows.ts";
import type { ShardStore } from "../shard-files/shard-store.ts";
import { sweepShardFiles } from "../shard-files/sweep-shard-files.ts";
import { isCorruption } from "../store-errors.ts";
import type { TableContext } from "../table-context.ts";
import { findFileDamage } from "./verify-file.ts";
import type { VerifyRecord } from "./verify-record.ts";

interface UsedFile {
  readonly hash: Recipe;
  readonly id: number;
  readonly file: number;
}

/**
 * SQLite's own check of every file of shards, once the rows in it have been verified. What still can be read of a damaged
 * file moves to the recipe's next one, shard by shard; then what no index row names goes, the damaged file with it.
 */
export function* verifyShardFiles(
  context: TableContext,
  { rows, payloads }: { readonly rows: RowTable; readonly payloads: ShardStore },
  record: VerifyRecord,
): Generator<void, void> {
  const used = context.connection
    .prepare<[], UsedFile>(
      "select distinct lower(hex(recipe.hash)) as hash, recipe.id, file from feature_shard " +
        "join recipe on recipe.id = feature_shard.recipe where file > 0 order by recipe.id, file",
    )
    .all();
  if (used.length > 0) record.check("shard_file", used.length);
  for (const name of used) {
    if (isWhole(payloads, name)) continue;
    record.damage("shard_file");
    yield* moveShards(context, { rows, payloads }, name);
    yield;
  }
  yield* sweepShardFiles(context, payloads);
}

function isWhole({ folder }: ShardStore, { hash, file }: UsedFile): boolean {
  const opened = folder.open({ recipe: hash, number: file });
  return opened !== null && findFileDamage(opened) === null;
}

function* moveShards(
  context: TableContext,
  { rows, payloads }: { readonly rows: RowTable; readonly payloads: ShardStore },
  { hash, id, file }: UsedFile,
): Generator<void, void> {
  const { connection } = context;
  const shards = connection
    .prepare<[number, number], number>("select id from feature_shard where recipe = ? and file = ?")
    .pluck()
    .all(id, file);
  const setFile = connection.prepare<[number, number]>("update feature_shard set file = ? where id = ?");
  for (const shard of shards) {
    context.write("move shard", () => {
      if (!payloads.isIndexed(hash, { shard, file })) return;
      const bytes = readOrNull(payloads, hash, { shard, file });
      const recipe = rows.recipes.findById(id);
      if (recipe === null || !Buffer.isBuffer(bytes)) return;
      setFile.run(payloads.write(recipe, shard, bytes, file + 1), shard);
    });
    yield;
  }
}

function readOrNull(payloads: ShardStore, recipe: Recipe, place: { shard: number; file: number }): unknown {
  try {
    return payloads.read(recipe, place);
  } catch (error) {
    if (isCorruption(error)) return null;
    throw error;
  }
}
