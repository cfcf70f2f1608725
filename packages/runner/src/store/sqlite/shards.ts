import { providerOf } from "../row-makers.ts";
import type { Recipe } from "../../hash/digests.ts";
import { checkRow, type RowWords } from "../row-check.ts";
import { entryCheck } from "./entry-check.ts";
import { createRowIndex, type RowIndex, type RowPlaces } from "./row-index.ts";
import type { StoredRecipe } from "./recipes.ts";
import { bytesOf, exampleAt, packDigests, packHeader, parseHeader, wordsOf, type ShardHeader } from "./shard-header.ts";
import type { ShardStore } from "./shard-files/shard-store.ts";
import { isCorruption } from "./store-errors.ts";
import type { TableContext } from "./table-context.ts";

/** Shards: rows that were computed together, in one blob, and a header that says which they are. */
export interface ShardTable {
  /** Inside the caller's transaction. */
  insert(recipe: StoredRecipe, shard: ShardContents): void;
  /** Where the examples' rows lie. Reads headers, never rows. */
  locate(recipe: StoredRecipe, examples: readonly string[]): RowPlaces;
  /** The bits of a shard's rows as they lie there, unverified; null where they are gone. */
  readWords(recipe: StoredRecipe, shard: number): Uint32Array | null;
  /** Null where the shard is gone, or does not verify. */
  readMaker(recipe: StoredRecipe, shard: number): Pick<ShardContents, "run" | "madeBy"> | null;
  /** Everyone who made any of the shards. */
  findProviders(): readonly string[];
  /** Takes a shard with damaged rows away; those of its rows that verify come back as a new shard. */
  salvage(recipe: StoredRecipe, shard: number): void;
  /** A shard's header; null where the shard is gone or its header does not verify. */
  readHeader(recipe: StoredRecipe, shard: number): ShardHeader | null;
  /** Takes a shard away as damaged, with all of its rows. */
  drop(shard: number): void;
  /** In a transaction of its own: takes a shard away, but for its rows of other examples, which come back as a new shard. */
  removeRows(recipe: StoredRecipe, shard: number, examples: ReadonlySet<string>): void;
}

export interface ShardContents {
  readonly run: number;
  readonly madeBy: string;
  readonly examples: readonly string[];
  /** Two words per row; see `checkRows`. */
  readonly checks: Uint32Array;
  readonly rows: Float32Array;
}

/** Rows whose places are kept in memory, over all recipes; the recipes that were asked for longest ago go first. */
const indexedRows = 2_000_000;

export function openShards(context: TableContext, payloads: ShardStore): ShardTable {
  const statements = prepareStatements(context);
  const indexes = new Map<Recipe, KnownShards>();

  const remove = (shard: number): void => {
    payloads.remove({ shard, file: statements.selectFile.get(shard) ?? 0 });
    statements.remove.run(shard);
  };

  const readWords = (recipe: StoredRecipe, shard: number): Uint32Array | null => {
    const bytes = orNullIfCorrupt(() => {
      const file = statements.selectFile.get(shard);
      return file === undefined ? null : payloads.read(recipe.recipe, { shard, file });
    });
    return Buffer.isBuffer(bytes) ? wordsOf(bytes) : null;
  };

  const insert = (recipe: StoredRecipe, { run, madeBy, examples, checks, rows }: ShardContents): void => {
    const header = packHeader(examples, checks);
    const row = { run, made_by: madeBy, row_count: examples.length, row_bytes: rows.byteLength, header };
    const check = shardCheck(recipe, row);
    const { lastInsertRowid } = statements.insert.run({ ...row, recipe: recipe.id, entry_check: check });
    const shard = Number(lastInsertRowid);
    const file = payloads.write(recipe, shard, bytesOf(rows));
    if (file !== 0) statements.setFile.run(file, shard);
  };

  /** Brings a recipe's index up to date with what other processes wrote and removed. A header that does not verify goes with its rows. */
  const refresh = (recipe: StoredRecipe): RowIndex => {
    const dataVersion = statements.selectDataVersion.get() ?? 0;
    const known = indexes.get(recipe.recipe) ?? { index: createRowIndex(), lastShard: 0, dataVersion };
    indexes.delete(recipe.recipe);
    indexes.set(recipe.recipe, known);
    if (known.dataVersion !== dataVersion) {
      // Another process has written: it may have removed some.
      known.index.keepOnly(new Set(statements.selectNew.all(recipe.id, 0)));
      known.dataVersion = dataVersion;
    }
    for (const id of statements.selectNew.all(recipe.id, known.lastShard)) {
      known.lastShard = id;
      const row = orNullIfCorrupt(() => statements.select.get(id));
      if (row === undefined) continue;
      const header = row === null ? null : verifyHeader(recipe, row);
      if (header !== null) known.index.add(id, header);
      else {
        context.noteDamage(() => {
          remove(id);
        });
      }
    }
    forgetOldest(indexes);
    return known.index;
  };

  return {
    insert,
    locate: (recipe, examples) => {
      return refresh(recipe).locate(packDigests(examples));
    },
    readWords,
    readMaker: (recipe, shard) => {
      const row = orNullIfCorrupt(() => statements.select.get(shard)) ?? null;
      return row === null || verifyHeader(recipe, row) === null ? null : { run: row.run, madeBy: row.made_by };
    },
    findProviders: () => [...new Set(statements.selectProviders.all().map(providerOf))].sort(),
    salvage: (recipe, shard) => {
      indexes.get(recipe.recipe)?.index.remove(shard);
      context.noteDamage(() => {
        const row = statements.select.get(shard);
        const words = readWords(recipe, shard);
        // Read anew under the write lock: another process may have been here first.
        const header = row === undefined ? null : verifyHeader(recipe, row);
        if (row !== undefined && header !== null && words !== null) {
          const intact = intactRows({ recipe, header, words });
          if (intact.examples.length === header.rowCount) return;
          if (intact.examples.length > 0) insert(recipe, { ...intact, run: row.run, madeBy: row.made_by });
        }
        remove(shard);
      });
    },
    readHeader: (recipe, shard) => {
      const row = orNullIfCorrupt(() => statements.select.get(shard));
      return row === undefined || row === null ? null : verifyHeader(recipe, row);
    },
    drop: (shard) => {
      context.noteDamage(() => {
        remove(shard);
      });
    },
    removeRows: (recipe, shard, examples) => {
      indexes.get(recipe.recipe)?.index.remove(shard);
      context.write("remove rows", () => {
        const row = statements.select.get(shard);
        const header = row === undefined ? null : verifyHeader(recipe, row);
        if (row === undefined || header === null) return;
        const isWhole = examples.size >= header.rowCount && isAllOf(header, examples);
        const words = isWhole ? null : readWords(recipe, shard);
        if (words === null) {
          remove(shard);
          return;
        }
        const kept = intactRows({ recipe, header, words, without: examples });
        if (kept.examples.length > 0) insert(recipe, { ...kept, run: row.run, madeBy: row.made_by });
        remove(shard);
      });
    },
  };
}

/** What is known of a recipe's shards. */
interface KnownShards {
  readonly index: RowIndex;
  lastShard: number;
  /** SQLite's number that changes whenever another connection has written. */
  dataVersion: number;
}

function prepareStatements({ connection }: TableContext) {
  return {
    selectDataVersion: connection.prepare<[], number>("select data_version from pragma_data_version").pluck(),
    selectNew: connection
      .prepare<[number, number], number>("select id from feature_shard where recipe = ? and id > ? order by id")
      .pluck(),
    select: connection.prepare<[number], ShardRow>(
      "select run, made_by, row_count, row_bytes, header, lower(hex(entry_check)) as entry_check from feature_shard where id = ?",
    ),
    selectProviders: connection.prepare<[], string>("select distinct made_by from feature_shard").pluck(),
    selectFile: connection.prepare<[number], number>("select file from feature_shard where id = ?").pluck(),
    insert: connection.prepare(
      "insert into feature_shard (recipe, run, made_by, row_count, row_bytes, header, entry_check) " +
        "values (@recipe, @run, @made_by, @row_count, @row_bytes, @header, unhex(@entry_check))",
    ),
    setFile: connection.prepare<[number, number]>("update feature_shard set file = ? where id = ?"),
    remove: connection.prepare<[number]>("delete from feature_shard where id = ?"),
  };
}

interface ShardRow {
  readonly run: number;
  readonly made_by: string;
  readonly row_count: number;
  readonly row_bytes: number;
  readonly header: Buffer;
  readonly entry_check: string;
}

function verifyHeader(recipe: StoredRecipe, row: ShardRow): ShardHeader | null {
  if (!Buffer.isBuffer(row.header) || row.entry_check !== shardCheck(recipe, row)) return null;
  return parseHeader(row.header);
}

function shardCheck(recipe: StoredRecipe, row: Omit<ShardRow, "entry_check">): string {
  const fields = [recipe.recipe, recipe.layoutText, row.run, row.made_by, row.row_count, row.row_bytes];
  return entryCheck("feature_shard", fields, row.header);
}

interface RowPick {
  readonly recipe: StoredRecipe;
  readonly header: ShardHeader;
  readonly words: Uint32Array;
  /** Examples whose rows are not wanted. */
  readonly without?: ReadonlySet<string>;
}

function intactRows({ recipe, header, words, without }: RowPick): Pick<ShardContents, "examples" | "checks" | "rows"> {
  const { width } = recipe;
  const positions = Array.from({ length: header.rowCount }, (_, position) => position).filter(
    (position) =>
      without?.has(exampleAt(header, position)) !== true &&
      isRowIntact({ words, start: position * width, width }, header, position),
  );
  const rows = new Uint32Array(positions.length * width);
  const checks = new Uint32Array(positions.length * 2);
  positions.forEach((position, row) => {
    rows.set(words.subarray(position * width, (position + 1) * width), row * width);
    checks.set(header.checks.subarray(position * 2, position * 2 + 2), row * 2);
  });
  return {
    examples: positions.map((position) => exampleAt(header, position)),
    checks,
    rows: new Float32Array(rows.buffer),
  };
}

/** Whether a row's bits give the check that its shard's header has for it. */
export function isRowIntact(row: RowWords, { checks }: ShardHeader, position: number): boolean {
  if (row.start + row.width > row.words.length) return false;
  const found = new Uint32Array(2);
  checkRow(row, found, 0);
  return found[0] === checks[position * 2] && found[1] === checks[position * 2 + 1];
}

function isAllOf(header: ShardHeader, examples: ReadonlySet<string>): boolean {
  for (let position = 0; position < header.rowCount; position++) {
    if (!examples.has(exampleAt(header, position))) return false;
  }
  return true;
}

function forgetOldest(indexes: Map<Recipe, KnownShards>): void {
  let rows = [...indexes.values()].reduce((sum, { index }) => sum + index.size(), 0);
  for (const [recipe, { index }] of indexes) {
    if (rows <= indexedRows || indexes.size === 1) return;
    indexes.delete(recipe);
    rows -= index.size();
  }
}

/** A page chain that leads astray loses its entry, not the whole store. */
function orNullIfCorrupt<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (isCorruption(error)) return null;
    throw error;
  }
}
