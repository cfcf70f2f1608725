/**
 * A process of its own that makes a published network's graph over a file of weights, opens it for running and passes four images. It
 * prints, as JSON, the most memory that it held by each, beyond what a process with onnxruntime holds.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { engine, openSession } from "@exp-lab/ops";

const [name, weights] = process.argv.slice(2) as [string, string];
const images = 4;

await loadRuntime();
globalThis.gc?.();
// Linux counts from here on anew.
writeFileSync("/proc/self/clear_refs", "5");
const bare = statusBytes("VmRSS");
const { source, parts } = await engine.buildPublishedGraph(name, weights);
const session = await openSession({ model: source });
const opened = statusBytes("VmHWM") - bare;
const dims = [images, 3, 224, 224];
const pixels = { data: new Float32Array(images * 3 * 224 ** 2).fill(0.5), dims };
await session.run({ pixel_values: pixels }, parts);
const passed = statusBytes("VmHWM") - bare;
await session.close();
console.log(JSON.stringify({ bare, opened, passed }));

/** onnxruntime is loaded with the first session. */
async function loadRuntime(): Promise<void> {
  const graph = engine.createGraphBuilder();
  graph.output("y", engine.relu(graph, graph.input("x", [1])));
  const data = await engine.writeModel(graph.toModel("nothing"));
  const session = await openSession({ model: { data, name: null } });
  await session.close();
}

function statusBytes(entry: "VmRSS" | "VmHWM"): number {
  const [, kilobytes] = new RegExp(`${entry}:\\s+(\\d+)`).exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}
