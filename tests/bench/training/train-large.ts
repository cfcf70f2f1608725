/**
 * A process of its own that trains some steps on as many rows as NIH ChestX-ray14 has for training, and prints the most
 * memory that it held as JSON.
 */
import { availableParallelism } from "node:os";
import { trainWithOnnx } from "@exp-lab/ops";
import { makeGridTask } from "./grid-task.ts";

const steps = 48;
const task = makeGridTask({ features: 5120, rows: 86_524, steps, loss: "sigmoid" });
const signal = new AbortController().signal;
const heads = await trainWithOnnx(task, { threads: availableParallelism(), signal, progress: () => undefined });
if (!heads.every(({ isFinite }) => isFinite)) throw new Error("A head's loss is not finite.");
console.log(JSON.stringify({ bytes: process.resourceUsage().maxRSS * 1024, steps }));
