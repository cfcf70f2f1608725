// Runs one graph on one device, in a process of its own: a driver may crash or hang. What a test of TypeScript makes comes as
// files, since a process cannot load TypeScript; it uses the built packages.
//
//   node run-on-device.mjs webgpu MODEL REQUEST ANSWER: files; the last two are JSON of the input, and of the outputs
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { openSession } from "@exp-lab/ops";

const [device, model, request, answer] = process.argv.slice(2);
const { input, dims, values, outputs } = JSON.parse(readFileSync(request, "utf8"));
const session = await openSession({ model: { data: readFileSync(model), name: null }, device, threads: 1 });
const started = performance.now();
const found = await session.run({ [input]: { data: Float32Array.from(values), dims } }, outputs);
const seconds = (performance.now() - started) / 1000;
const results = Object.fromEntries([...found].map(([name, { data }]) => [name, [...data]]));
writeFileSync(answer, JSON.stringify({ madeBy: session.madeBy, seconds, results }));
await session.close();
