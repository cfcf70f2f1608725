import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openStore, type Store } from "@exp-lab/runner";
import sharp from "sharp";
import type { Workplace } from "./command-line.ts";
import { tinyVit } from "./tiny-vit.ts";

/** A command that is killed at one point after the other, on what the kills before have left, and then runs to its end. */
export interface KilledCommand {
  readonly name: string;
  /** Makes what the command finds; its store is the folder `store`. */
  readonly prepare?: (place: Workplace) => Promise<void> | void;
  readonly argv: readonly string[];
  /** Beside that of the test. */
  readonly environment?: Readonly<Record<string, string>>;
  /** In the order in which the command reaches them; `@2` for the second time. */
  readonly points: readonly string[];
  /** True where the command finds a damaged store. */
  readonly isDamaged?: true;
  /** True where each kill needs a store of its own: what is killed happens once in a store's life. */
  readonly isOnce?: true;
  /** What it writes, if it is not an answer: as it was before, or whole, after every kill. */
  readonly file?: string;
}

/** Everything that is there, in few images and small networks: half a second of work. */
export const killedProgram = `exp 1

dataset drawn = phantoms { train: 12, val: 6, test: 12, size: 32 }
backbone fine = vit { weights: random(1), image_size: 32, patch_size: 16, width: 32, depth: 1, heads: 2 }
head near = knn { k: 3 }
head logit = linear { epochs: 2  search { over { lr: [0.01, 0.1] }  select: max val.auroc } }
sweep all { dataset: drawn  backbone: [fine]  head: [near, logit] }
table "Small" { from: all  rows: backbone, head  cells: test.auroc }
`;

/** Its rows take two shards for the training images, and a third for those of the test. */
export const shardsProgram = killedProgram
  .replace("train: 12, val: 6, test: 12, size: 32", "train: 500, val: 2, test: 4, size: 16")
  .replace(
    "image_size: 32, patch_size: 16, width: 32, depth: 1",
    "image_size: 16, patch_size: 16, width: 192, depth: 5",
  )
  .replace("[near, logit]", "near");

const filesProgram = killedProgram
  .replace(/phantoms \{.*\}/, 'csv { file: "list.csv", path: "path", label: "label", split: "split" }')
  .replace("[near, logit]", "near");

const weightsProgram = killedProgram
  .replace("size: 32 }", "size: 16 }")
  .replace(
    /vit \{.*\}/,
    'vit { weights: hf("acme/tiny-vit"), image_size: 16, patch_size: 8, width: 8, depth: 1, heads: 2 }',
  )
  .replace("[near, logit]", "near");

export const around = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => [`before ${name}`, `after ${name}`]);
export const within = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => [`before ${name}`, `in ${name}`, `after ${name}`]);

export const run = ["run", "killed.exp", "--store", "store"];

/** Runs that end with the table of an undisturbed one. */
export const killedRuns: readonly KilledCommand[] = [
  {
    name: "a run that makes its store",
    isOnce: true,
    argv: run,
    points: [
      ...around("make folder", "write file", "rename file", "set up store file"),
      ...within("raise the schema", "start run"),
    ],
  },
  {
    name: "a run that computes",
    argv: run,
    points: [
      ...["before claim work", "in claim work@2", "after claim work@3"],
      ...["before save answer@2", "in save answer@2", "after save answer@2"],
      ...["before save rows", "in save rows", "after save rows"],
      ...["before release work", "in release work", "after release work"],
      ...["before save run task", "in save run task@2", "after save run task@3"],
      ...["before save answer@3", "in save answer", "after save answer"],
    ],
  },
  {
    name: "a run at its end",
    argv: run,
    points: [...within("save asked tasks", "finish run"), ...around("close store")],
  },
  {
    name: "a run that finds another program's answers",
    prepare: async (place) => {
      place.write("first.exp", killedProgram);
      await succeed(place, "run", "first.exp", "--store", "store");
    },
    argv: run,
    points: within("note stored tasks"),
  },
  {
    name: "a run that uses answers of another day",
    prepare: async (place) => {
      await succeed(place, "run", "killed.exp", "--store", "young");
      moveToYear2020(join(place.folder, "young"), join(place.folder, "store"));
    },
    argv: run,
    points: within("note use"),
  },
  {
    name: "a run whose rows turn out to be lost",
    prepare: async (place) => {
      place.write("first.exp", killedProgram.replace("knn { k: 3 }", "knn { k: 5 }").replace("lr: [0.01", "lr: [0.02"));
      await succeed(place, "run", "first.exp", "--store", "store");
      flip(place, rowsOf(place));
    },
    argv: run,
    points: ["before drop damage", ...within("drop artifact")],
    isDamaged: true,
  },
];

export const killedNetworkRun: KilledCommand = {
  name: "a run on a network file system",
  environment: { EXP_STORE_FILESYSTEM: "network" },
  argv: run,
  points: around("take lock", "open guard", "close guard", "drop lock"),
};

/** Its training features are over a megabyte, and a batch of them too, which goes to and from another process by a file. */
export const killedHandover: KilledCommand = {
  name: "a run with worker processes",
  environment: { EXP_WORKERS: "processes" },
  argv: run,
  points: around("remove answer", "lay down input", "remove input"),
};

export const handoverProgram = killedProgram
  .replace("train: 12, val: 6, test: 12, size: 32", "train: 700, val: 2, test: 4, size: 16")
  .replace(
    "image_size: 32, patch_size: 16, width: 32, depth: 1",
    "image_size: 16, patch_size: 16, width: 512, depth: 1, batch_size: 300",
  )
  .replace("[near, logit]", "near");

/** A run over files, whose list then changes without changing what it says. */
export const killedFileRun: KilledCommand = {
  name: "a run over files",
  prepare: async (place) => {
    place.write("killed.exp", filesProgram);
    await writeImages(place);
  },
  argv: run,
  points: [...within("save file digests"), "after save answer@4"],
};

/** A run whose weights lie in a cache of the hub. */
export const killedWeightRun: KilledCommand = {
  name: "a run with weights of the hub",
  environment: { HF_HOME: "hf" },
  prepare: (place) => {
    place.write("killed.exp", weightsProgram);
    const repository = join(place.folder, "hf/hub/models--acme--tiny-vit");
    const commit = "0".repeat(40);
    const snapshot = join(repository, "snapshots", commit);
    for (const folder of [snapshot, join(repository, "refs")]) mkdirSync(folder, { recursive: true });
    writeFileSync(join(repository, "refs/main"), commit);
    writeFileSync(join(snapshot, "model.safetensors"), tinyVit());
  },
  argv: run,
  points: within("save weight source"),
};

export const killedLink: KilledCommand = {
  name: "a run whose list was written anew",
  argv: run,
  points: within("link answer"),
};

/** Commands that compute nothing, on a store that holds a whole run. */
export const killedOthers: readonly KilledCommand[] = [
  {
    name: "gc",
    prepare: (place) => {
      fillWithOld(join(place.folder, "store"));
    },
    argv: ["cache", "gc", "killed.exp", "--older-than", "30d", "--yes", "--store", "store"],
    points: [
      ...within("remove content answers", "remove answers", "remove artifacts", "remove rows", "remove history"),
      ...around("give back pages", "cut log"),
    ],
  },
  {
    name: "verify",
    prepare: (place) => {
      flip(place, rowsOf(place));
      flip(place, Buffer.from("killed.exp#auroc"), indexPage);
    },
    argv: ["cache", "verify", "--store", "store"],
    points: [...within("drop damage"), ...within("make indexes anew")],
    isDamaged: true,
  },
  ...[
    ["export", ["export", "predictions", "killed.exp", "--out", "."], "predict-logit-fine-drawn-test.npz"],
    ["trace", ["trace", "--out", "out"], "out"],
    ["plan", ["plan", "killed.exp", "--out", "out.plan"], "out.plan"],
  ].map(([name, argv, file]) => ({
    name: String(name),
    prepare: (place: Workplace) => {
      place.write(String(file), "what was there");
    },
    argv: [...(argv as readonly string[]), "--store", "store"],
    // What a kill left beside the file is removed by the next command.
    points: around("make folder", "write file", "remove file", "rename file"),
    file: String(file),
  })),
];

export async function succeed(place: Workplace, ...argv: readonly string[]): Promise<string> {
  const { exitCode, out, err } = await place.exp(...argv);
  if (exitCode !== 0) throw new Error(`exp ${argv.join(" ")} ended with ${String(exitCode)}: ${err}`);
  return out;
}

type NewAnswer = Parameters<Store["saveAnswer"]>[0];
type NewShard = Parameters<Store["saveRows"]>[0];

/** The same answers, as a run of long ago would have made them. */
function moveToYear2020(from: string, to: string): void {
  const [old, made] = [openStore(from), openStore(to)];
  const start = made.startRun({ program: "old.exp", startedAt: new Date("2020-01-01"), environment: "{}" });
  for (const { fingerprint, artifact } of inventoryOf(old).answers) {
    const { kind, bytes } = old.readArtifact(artifact)!;
    const manifest = old.readManifest(fingerprint)!;
    made.saveAnswer({ fingerprint, manifest, kind, artifact, bytes, run: start, seconds: 1 });
  }
  old.close();
  made.close();
}

/** One entry of every kind that gc removes by its age. */
function fillWithOld(folder: string): void {
  const store = openStore(folder);
  const start = store.startRun({ program: "old.exp", startedAt: new Date("2020-01-01"), environment: "{}" });
  const bytes = Buffer.alloc(300_000, "old");
  const recipe = hashOf("recipe") as NewShard["recipe"];
  for (const name of ["one", "two"]) {
    const manifest = JSON.stringify({ op: name });
    const fingerprint = hashOf(`exp.fingerprint.1\n${manifest}`) as NewAnswer["fingerprint"];
    const key = hashOf(name) as NonNullable<NewAnswer["content"]>["key"];
    const artifact = hashOf(bytes) as NewAnswer["artifact"];
    const answer = { fingerprint, manifest, kind: "model", bytes, artifact, run: start, seconds: 1 };
    store.saveAnswer({ ...answer, content: { key, recipe, inputs: {} } });
    store.saveRunTask({ ...answer, slot: "old.exp#task", outcome: "computed", reason: null });
  }
  store.saveRows({
    ...{ recipe, examples: [hashOf("a"), hashOf("b")], madeBy: "cpu", run: start },
    layout: { parts: [{ name: "pooled", width: 4 }], defaultPart: "pooled" },
    rows: Float32Array.from({ length: 8 }, (_, at) => at),
  });
  store.close();
}

/** The bytes of the first shard's first row. */
function rowsOf(place: Workplace): Buffer {
  const store = openStore(join(place.folder, "store"));
  const [shard] = inventoryOf(store).shards;
  const { recipe, examples = [] } = shard ?? {};
  const target = new Float32Array((shard?.bytesPerRow ?? 0) / 4);
  for (const _ of store.readRows(recipe!, examples.slice(0, 1), target));
  store.close();
  return Buffer.from(target.buffer);
}

export function inventoryOf(store: Store) {
  const steps = store.takeInventory();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** What the first byte of a page says that holds entries of an index. */
const indexPage = 0x0a;

/** Changes one bit of these bytes in the store's file; where a kind of page is named, in such a one. */
function flip(place: Workplace, wanted: Buffer, kind: number | null = null): void {
  const path = join(place.folder, "store/store.sqlite");
  const bytes = readFileSync(path);
  let at = bytes.indexOf(wanted);
  while (kind !== null && at >= 0 && bytes[at - (at % 16384)] !== kind) at = bytes.indexOf(wanted, at + 1);
  if (at < 0 || wanted.length < 8) throw new Error("The store does not hold what is to be damaged.");
  bytes[at + 5] = (bytes[at + 5] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

/** Eight images and the list of them, as they were an hour ago. */
async function writeImages(place: Workplace): Promise<void> {
  const hourAgo = new Date(Date.now() - 3_600_000);
  const rows: string[] = [];
  for (let index = 0; index < 8; index++) {
    const pixels = Uint8Array.from({ length: 1024 }, (_, pixel) => (pixel * (index * 3 + 1)) % 256);
    const png = sharp(pixels, { raw: { width: 32, height: 32, channels: 1 } }).png();
    const path = place.write(`${String(index)}.png`, await png.toBuffer());
    utimesSync(path, hourAgo, hourAgo);
    rows.push(`${String(index)}.png,${String(index % 2)},${index < 4 ? "train" : "test"}`);
  }
  utimesSync(place.write("list.csv", `path,label,split\n${rows.join("\n")}\n`), hourAgo, hourAgo);
}

function hashOf(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("hex");
}

export function makeFolder(place: Workplace, name: string): void {
  mkdirSync(join(place.folder, name), { recursive: true });
}
