import { checkRows } from "../../row-check.ts";
import { readPages } from "../pages.ts";
import type { StoredRecipe } from "../recipes.ts";
import type { RowTable } from "../rows.ts";
import type { RunTable } from "../runs.ts";
import type { ShardHeader } from "../shard-header.ts";
import type { TableContext } from "../table-context.ts";
import type { VerifyRecord } from "./verify-record.ts";

interface ShardKey {
  readonly id: number;
  readonly recipe: number;
  readonly run: number;
}

/** What verifying rows needs of the store's tables. */
export interface RowTables {
  readonly rows: RowTable;
  readonly runs: RunTable;
}

/** Holds every row against the check in its shard's header, and every header against its own, shard by shard. */
export function* verifyRows(context: TableContext, tables: RowTables, record: VerifyRecord): Generator {
  const { rows, runs } = tables;
  yield* verifyRecipes(context, tables, record);
  const select = context.connection.prepare<[number], ShardKey>(
    "select id, recipe, run from feature_shard where id > ? order by id limit 50",
  );
  const recipes = new Map<number, StoredRecipe | null>();
  const pages = readPages({
    selectAfter: ([id]) => select.all(Number(id)),
    firstKey: [-1],
    keyOf: ({ id }) => [id],
  });
  for (const page of pages) {
    for (const shard of page) {
      const recipe = recipes.get(shard.recipe) ?? rows.recipes.findById(shard.recipe);
      recipes.set(shard.recipe, recipe);
      const damaged = verifyShard(shard.id, recipe, rows, record);
      if (damaged) record.loseRowsOf(runs.find(shard.run)?.program ?? "");
      yield;
    }
  }
  removeStrayRows(context, record);
}

/** Without its recipe nobody can tell what a shard's rows are: they go with it. */
function* verifyRecipes(context: TableContext, { rows, runs }: RowTables, record: VerifyRecord): Generator {
  const { connection } = context;
  const ids = connection.prepare<[], number>("select id from recipe").pluck().all();
  const selectShards = connection.prepare<[number], ShardKey>(
    "select id, recipe, run from feature_shard where recipe = ?",
  );
  const remove = connection.prepare<[number]>("delete from recipe where id = ?");
  record.check("recipe", ids.length);
  for (const id of ids) {
    if (rows.recipes.findById(id) !== null) continue;
    record.damage("recipe");
    for (const shard of selectShards.all(id)) {
      record.damage("feature_shard");
      record.loseRowsOf(runs.find(shard.run)?.program ?? "");
      rows.shards.drop(shard.id);
      yield;
    }
    context.noteDamage(() => remove.run(id));
  }
}

/** True where something of the shard was dropped. */
function verifyShard(id: number, recipe: StoredRecipe | null, { shards }: RowTable, record: VerifyRecord): boolean {
  record.check("feature_shard", 1);
  const header = recipe === null ? null : shards.readHeader(recipe, id);
  if (recipe === null || header === null) {
    record.damage("feature_shard");
    shards.drop(id);
    return true;
  }
  const words = shards.readWords(recipe, id);
  const damaged = words === null ? header.rowCount : countDamaged(words, recipe.width, header);
  record.check("feature_row", header.rowCount);
  record.readBytes(words?.byteLength ?? 0);
  if (damaged === 0) return false;
  record.damage("feature_row", damaged);
  shards.salvage(recipe, id);
  return true;
}

function countDamaged(words: Uint32Array, width: number, { rowCount, checks }: ShardHeader): number {
  const there = Math.min(rowCount, Math.floor(words.length / width));
  const found = checkRows(new Float32Array(words.buffer, words.byteOffset, there * width), width);
  let damaged = rowCount - there;
  for (let row = 0; row < there; row++) {
    if (found[row * 2] !== checks[row * 2] || found[row * 2 + 1] !== checks[row * 2 + 1]) damaged += 1;
  }
  return damaged;
}

/** Rows whose header is not there: nobody would ever read them. */
function removeStrayRows(context: TableContext, record: VerifyRecord): void {
  const isStray = "shard not in (select id from feature_shard)";
  const count = context.connection
    .prepare<[], number>(`select count(*) from feature_shard_rows where ${isStray}`)
    .pluck()
    .get();
  if (count === undefined || count === 0) return;
  record.damage("feature_shard_rows", count);
  const remove = context.connection.prepare(`delete from feature_shard_rows where ${isStray}`);
  context.noteDamage(() => remove.run());
}
