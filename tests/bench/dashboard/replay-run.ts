/**
 * A process of its own that plays a run of 500 trials into the live screen, twenty events a second, and prints as JSON what
 * that took of a core and what it wrote. Arguments: rows of the table, seeds of each, seconds to measure.
 */
import { setTimeout as delay } from "node:timers/promises";
import { createPaint, loadDashboard } from "@exp-lab/runner";
import { sampleRun } from "../../cli/sample-run.ts";

const [rows = 500, seeds = 1, seconds = 20] = process.argv.slice(2).map(Number);
const eventsPerSecond = 20;
/** Until what is drawn again and again has been compiled. */
const settlingSeconds = 15;

const namesOf = (count: number, name: string): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${name}${String(index)}`);
const { graph, events } = sampleRun({
  backbones: namesOf(rows / 10, "backbone"),
  heads: namesOf(10, "head"),
  seeds,
  metrics: ["auroc", "accuracy"],
  images: 6400,
  seconds: { image: 0.001, fit: 0.3, score: 0.05 },
});

let bytes = 0;
const nothing = (): void => undefined;
const openDashboard = await loadDashboard();
const dashboard = openDashboard({
  graph,
  slots: 1,
  device: {
    keyboard: null,
    size: () => ({ columns: 120, rows: 40 }),
    onLost: nothing,
    write: (text) => (bytes += Buffer.byteLength(text)),
    suspend: nothing,
    close: nothing,
  },
  paint: createPaint(true),
  plain: { report: nothing, close: nothing },
  control: { stop: nothing, quit: nothing, interrupt: nothing },
});

// From the middle of the run on: part of the table is filled, and the next trials fill it.
let next = Math.floor(events.length / 3);
const report = (event: (typeof events)[number]): void => {
  dashboard.report({ ...event, time: new Date().toISOString() });
};
events.slice(0, next).forEach(report);
const timer = setInterval(() => {
  const event = events[next++];
  if (event !== undefined) report(event);
}, 1000 / eventsPerSecond);

await delay(settlingSeconds * 1000);
const [cpuBefore, bytesBefore, started] = [process.cpuUsage(), bytes, performance.now()];
await delay(seconds * 1000);
const { user, system } = process.cpuUsage(cpuBefore);
const passed = (performance.now() - started) / 1000;
clearInterval(timer);
dashboard.close();
console.log(
  JSON.stringify({ core: (user + system) / 1e6 / passed, kbPerSecond: (bytes - bytesBefore) / 1000 / passed }),
);
process.exit(0);
