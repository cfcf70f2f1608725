/**
 * A process of its own that trains some steps on as many rows as NIH ChestX-ray14 has for training, and prints the most
 * memory that it held as JSON.
 */
import { createWorkerExecutor } from "@exp-lab/runner";
import { makeGridCall } from "./grid-task.ts";
import { trainGrid } from "./train-grid.ts";

const steps = 48;
const executor = createWorkerExecutor({ jobs: 1 });
await trainGrid(executor, makeGridCall({ features: 5120, rows: 86_524, steps }));
await executor.close();
console.log(JSON.stringify({ bytes: process.resourceUsage().maxRSS * 1024, steps }));
