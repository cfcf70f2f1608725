/**
 * A process of its own that trains a network for some steps and prints, as JSON, the most memory that it held from the second step to
 * the last, the bound below which no engine could, and how long one of these steps took.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { engine } from "@exp-lab/ops";
import { openCase, prepareCase, type NetworkCase } from "./network-cases.ts";

const [name, batch, kept, threads, last] = process.argv.slice(2) as [NetworkCase, ...string[]];
const { trainer, inputs, bound } = await open();
await trainer.run(1, inputs);
// What is needed only to begin goes, as it would sooner or later.
globalThis.gc?.();
// Linux counts from here on anew.
writeFileSync("/proc/self/clear_refs", "5");
const started = performance.now();
for (let step = 2; step <= Number(last); step += 1) await trainer.run(1, inputs);
const seconds = (performance.now() - started) / 1000 / (Number(last) - 1);
await trainer.close();
console.log(JSON.stringify({ peak: peakBytes(), bound, seconds }));

async function open() {
  const prepared = await prepareCase(name, { batch: Number(batch), kept: kept === "all" ? null : Number(kept) });
  const { resident, results } = engine.trainingMemory(prepared.training.spec);
  return { trainer: await openCase(prepared, Number(threads)), inputs: prepared.inputs, bound: resident + results };
}

function peakBytes(): number {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}
