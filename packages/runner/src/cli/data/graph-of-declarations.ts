import { compile, parse, type OpSignature, type TaskGraph } from "@exp-lab/dsl";
import { builtinOps, presets } from "@exp-lab/ops";
import type { CallOptions, Terminal } from "../command.ts";
import type { LoadedProgram } from "../load-program.ts";

/** A data set that the program itself declares. */
export interface Declared {
  readonly name: string;
  /** Null where it is wrong by itself, as one is that is only there to be derived from and lacks a parameter. */
  readonly graph: TaskGraph | null;
  /** What is wrong with it then. */
  readonly reason: string | null;
}

/**
 * A graph for each data set that the program itself declares, though no table asks for it: the program is compiled once more
 * with a sweep over the data set and a table that asks for nothing but its index.
 */
export function graphOfDeclarations(
  { file, sources }: LoadedProgram,
  { set }: CallOptions,
  { environment }: Terminal,
): readonly Declared[] {
  const texts = new Map(sources.map(({ path, text }) => [path, text]));
  const entry = { path: file, text: texts.get(file) ?? "" };
  return parse(entry).ast.declarations.flatMap((declaration) => {
    if (declaration.kind !== "named" || declaration.declares !== "dataset") return [];
    const name = declaration.name.text;
    const text = entry.text + askFor(name);
    const { graph, diagnostics } = compile({
      entry: file,
      readSource: (path) => (path === file ? text : (texts.get(path) ?? null)),
      signatures: [...builtinOps.map((op) => op.signature), asking],
      presets,
      environment,
      settings: set,
    });
    const error = diagnostics.find(({ severity }) => severity === "error");
    return [{ name, graph, reason: error?.message ?? null }];
  });
}

/** Names that no program is likely to have. */
function askFor(dataset: string): string {
  return (
    `\n\nsweep data_check_sweep { dataset: ${dataset} }\n\n` +
    `table "data check of ${dataset}" { from: data_check_sweep  rows: dataset  cells: test.${asking.name}  intervals: none }\n`
  );
}

/** What the audit gives hangs on the data set and on what the program does about leaks. */
const asking = {
  name: "data_check_index",
  version: 1,
  summary: "The index of a data set.",
  use: "metric",
  params: {},
  inputs: { index: { kind: "audited", summary: "The index." } },
  output: "score",
  better: "higher",
} as const satisfies OpSignature;
