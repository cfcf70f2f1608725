/**
 * A process of its own that plans a program against an empty store, and prints as JSON how many tasks it has, the seconds from
 * text to graph and from graph to plan, and the most memory that the process held. Arguments: program, folder for the store.
 */
import { readFileSync } from "node:fs";
import { compile } from "@exp-lab/dsl";
import { builtinOps } from "@exp-lab/ops";
import { openStore, planGraph } from "@exp-lab/runner";

const [program = "", folder = ""] = process.argv.slice(2);
const text = readFileSync(program, "utf8");
const store = openStore(folder);
const started = performance.now();
const { graph, diagnostics } = compile({
  entry: "many.exp",
  readSource: (path) => (path === "many.exp" ? text : null),
  signatures: builtinOps.map((op) => op.signature),
  environment: {},
  settings: {},
});
if (graph === null) throw new Error(`The program is wrong: ${diagnostics[0]?.message ?? ""}`);
const compiled = performance.now();
const plan = await planGraph(graph, {
  ...{ program: "many.exp", ops: new Map(builtinOps.map((op) => [op.signature.name, op])), libraryVersions: {}, store },
  ...{ hashFiles: () => Promise.resolve([]), hashBudget: Number.POSITIVE_INFINITY, rehash: false },
  onProgress: () => undefined,
});
const planned = performance.now();
store.close();
console.log(
  JSON.stringify({
    tasks: plan.tasks.length,
    compileSeconds: (compiled - started) / 1000,
    planSeconds: (planned - compiled) / 1000,
    peakMb: process.resourceUsage().maxRSS / 1000,
  }),
);
