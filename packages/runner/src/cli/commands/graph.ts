import type { TaskGraph } from "@exp-lab/dsl";
import type { CommandDefinition } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadGraph } from "../load-program.ts";

/** `exp graph FILE --format dot|mermaid|json`: the task graph. */
export const graphCommand: CommandDefinition = {
  name: "graph",
  summary: "print the task graph",
  arguments: [{ name: "file", summary: "the program" }],
  options: [{ flags: "--format <name>", summary: "one of", choices: ["dot", "mermaid", "json"], default: "dot" }],
  run: ({ arguments: [file = ""], options }, terminal) => {
    const graph = loadGraph(file, options, terminal);
    const format = options.json ? "json" : options.own["format"];
    terminal.out(format === "json" ? toJson(graph) : format === "mermaid" ? toMermaid(graph) : toDot(graph));
    return Promise.resolve(exitCodes.done);
  },
};

function toJson(graph: TaskGraph): string {
  return `${JSON.stringify({ version: 1, ...graph })}\n`;
}

function toDot({ tasks }: TaskGraph): string {
  const nodes = tasks.map(({ id, label }) => `  ${quote(id)} [label=${quote(label)}];\n`);
  const edges = tasks.flatMap(({ id, inputs }) =>
    [...new Set(Object.values(inputs))].map((input) => `  ${quote(input)} -> ${quote(id)};\n`),
  );
  return `digraph tasks {\n  rankdir=LR;\n  node [shape=box];\n${nodes.join("")}${edges.join("")}}\n`;
}

function toMermaid({ tasks }: TaskGraph): string {
  const names = new Map(tasks.map(({ id }, index) => [id, `t${String(index)}`]));
  const nodes = tasks.map(({ id, label }) => `  ${names.get(id) ?? ""}["${label.replaceAll('"', "#quot;")}"]\n`);
  const edges = tasks.flatMap(({ id, inputs }) =>
    [...new Set(Object.values(inputs))].map((input) => `  ${names.get(input) ?? ""} --> ${names.get(id) ?? ""}\n`),
  );
  return `flowchart LR\n${nodes.join("")}${edges.join("")}`;
}

function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
