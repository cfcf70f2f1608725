// For tests of what damage does: copies of a store that each have one flipped bit, in a value of each column of each table.
// Unlike flipped bytes of the file, such a bit is never caught by SQLite, nor found because an index says otherwise.
// Arguments: folder of the store, folder for the copies, copies for each column, seed. Prints each copy's name on a line.
import { copyFileSync, mkdirSync, writeSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import Database from "better-sqlite3";

const [folder, copies, perColumn, seed] = process.argv.slice(2);
let state = Number(seed);
const below = (bound) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * bound);
};

const original = new Database(join(folder, "store.sqlite"));
original.pragma("wal_checkpoint(TRUNCATE)");
const tables = original
  .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name")
  .pluck()
  .all();
for (const table of tables) {
  const columns = original.pragma(`table_info(${table})`);
  for (const { name: column, pk } of columns) {
    // The number of an entry becomes one that no other has.
    const lowestBit = pk > 0 ? 24 : 0;
    for (let number = 0; number < Number(perColumn); number++) flipOne({ table, columns, column, number, lowestBit });
  }
}
original.close();

/** Nothing where no row has a value there. */
function flipOne({ table, columns, column, number, lowestBit }) {
  const keys = columns.filter(({ pk }) => pk > 0).map(({ name }) => name);
  const rows = original
    .prepare(`select ${column} as chosen, ${keys.join()} from ${table} where chosen is not null`)
    .all();
  if (rows.length === 0) return;
  const { chosen, ...key } = rows[below(rows.length)];
  const name = `${table}.${column}.${number}`;
  mkdirSync(join(copies, name), { recursive: true });
  const path = join(copies, name, "store.sqlite");
  copyFileSync(join(folder, "store.sqlite"), path);
  const copy = new Database(path);
  copy.pragma("foreign_keys = OFF");
  copy
    .prepare(`update ${table} set ${column} = ? where ${keys.map((each) => `${each} = ?`).join(" and ")}`)
    .run(flipBit(chosen, lowestBit), ...keys.map((each) => key[each] ?? chosen));
  copy.close();
  writeSync(1, `${name}\n`);
}

function flipBit(value, lowestBit) {
  if (typeof value === "number") {
    return Number.isInteger(value) ? value ^ (1 << (lowestBit + below(4))) : value * (1 + 2 ** -below(30));
  }
  const bytes = Buffer.from(value);
  if (bytes.length === 0) return value;
  // The lowest bits of a letter, so that a text stays one.
  const bit = typeof value === "string" ? below(3) : below(8);
  const at = below(bytes.length);
  bytes[at] ^= 1 << bit;
  return typeof value === "string" ? bytes.toString("latin1") : bytes;
}
