// A process of its own for tests that kill it or run several at once: writes answers and shards whose contents follow
// from their names, and prints each name once its transaction is done.
// Arguments: folder of the store, prefix of the names, how many (0: until killed), the build to import,
// and how many bytes of a recipe's rows lie in the main file (all of them where it is not said).
import { createHash } from "node:crypto";
import { writeSync } from "node:fs";
import process from "node:process";

const [folder, prefix, count, build, shardBudget] = process.argv.slice(2);
const { openStore } = await import(build);
const hashOf = (text) => createHash("sha256").update(text).digest("hex");

const store = openStore(folder, shardBudget === undefined ? {} : { shardBudget: Number(shardBudget) });
const run = store.startRun({ program: "table.exp", startedAt: new Date(), environment: "{}" });
for (let index = 0; Number(count) === 0 || index < Number(count); index++) {
  const name = `${prefix} ${String(index)}`;
  const bytes = Buffer.alloc(1 + ((index * 7919) % 200_000), name);
  const artifact = createHash("sha256").update(bytes).digest("hex");
  const manifest = JSON.stringify({ name });
  store.saveAnswer({ fingerprint: hashOf(name), manifest, kind: "score", artifact, bytes, run, seconds: 1 });
  writeSync(1, `answer ${name}\n`);

  const width = 96;
  const examples = Array.from({ length: 1 + ((index * 31) % 300) }, (_, row) => hashOf(`${name} ${String(row)}`));
  const rows = Float32Array.from({ length: examples.length * width }, (_, at) => index + at / 64);
  const layout = { parts: [{ name: "pooled", width }], defaultPart: "pooled" };
  store.saveRows({ recipe: hashOf("recipe"), layout, examples, rows, madeBy: "cpu", run });
  writeSync(1, `shard ${name}\n`);
}
store.close();
