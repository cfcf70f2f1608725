import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openStore, type Store } from "@exp-lab/runner";
import type { Workplace } from "./command-line.ts";
import { around, run, within, type KilledCommand } from "./killed-commands.ts";

/** All features lie in files beside the main one. */
const environment = { EXP_SHARD_BUDGET: "0B" };
const store = ["--store", "store"];

export const killedShardRun: KilledCommand = {
  name: "a run whose features lie in a file of their own",
  environment,
  argv: run,
  // What a kill left behind a write goes before the next one.
  points: around("make shard file", "write shard", "remove shard"),
};

export const killedShardUpkeep: readonly KilledCommand[] = [
  {
    name: "gc of features in files of their own",
    environment,
    prepare: (place) => {
      fillShardFiles(place);
    },
    argv: ["cache", "gc", "killed.exp", "--older-than", "30d", "--yes", ...store],
    points: [
      ...["before drop shard files", ...around("remove shard file"), "in drop shard files", "after drop shard files"],
      ...within("drop shards"),
      ...around("shrink shard file"),
    ],
  },
  {
    name: "verify of a damaged file of features",
    environment,
    prepare: (place) => {
      fillShardFiles(place);
      damageShardFile(place);
    },
    argv: ["cache", "verify", ...store],
    points: within("move shard"),
    isDamaged: true,
  },
];

const mostlyOld = hashOf("most of it is old");
/** A file for each kill that comes after its end. */
const allOld = [1, 2, 3].map((number) => hashOf(`old ${String(number)}`));

/** Recipes whose rows are all old, and one of which most are. */
function fillShardFiles(place: Workplace): void {
  const filled = openStore(join(place.folder, "store"), { shardBudget: 0 });
  const start = (startedAt: Date) => filled.startRun({ program: "old.exp", startedAt, environment: "{}" });
  const [old, young] = [start(new Date("2020-01-01")), start(new Date())];
  for (const recipe of allOld) saveRows(filled, recipe, "a", old);
  // More than go in two transactions.
  for (let shard = 0; shard < 9; shard += 1) saveRows(filled, mostlyOld, `b ${String(shard)}`, old);
  saveRows(filled, mostlyOld, "c", young);
  filled.close();
}

type NewShard = Parameters<Store["saveRows"]>[0];

/** Some pages' worth. */
function saveRows(filled: Store, recipe: string, name: string, made: NewShard["run"]): void {
  const [count, width] = [50, 1000];
  filled.saveRows({
    recipe: recipe as NewShard["recipe"],
    layout: { parts: [{ name: "pooled", width }], defaultPart: "pooled" },
    examples: Array.from({ length: count }, (_, index) => hashOf(`${name} ${String(index)}`)),
    rows: Float32Array.from({ length: count * width }, (_, at) => at),
    madeBy: "cpu",
    run: made,
  });
}

/** The second page says of each page what it belongs to. */
function damageShardFile(place: Workplace): void {
  const folder = join(place.folder, "store/store.shards");
  const name = readdirSync(folder).find((each) => each === `${mostlyOld}.sqlite`);
  if (name === undefined) throw new Error("There is no file of features to be damaged.");
  const bytes = readFileSync(join(folder, name));
  bytes.fill(0xa5, 16384, 16384 + 40);
  writeFileSync(join(folder, name), bytes);
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
