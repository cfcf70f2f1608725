import type { Origin, ParamValue, Task, TaskGraph } from "@exp-lab/dsl";
import type { CallOptions, Terminal } from "../command.ts";
import type { LoadedProgram } from "../load-program.ts";
import { opsByName } from "../session.ts";
import { graphOfDeclarations } from "./graph-of-declarations.ts";

/** A data set of a program: a constructor with its parameters, complete. */
export interface ProgramDataset {
  /** The declaration's name, and what axes set where that tells two apart. */
  readonly name: string;
  readonly op: string;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly origin: Origin;
  /** What the program does about leaks: one entry for each way that it takes, none where it says nothing of them. */
  readonly leakRules: readonly LeakRule[];
}

export interface LeakRule {
  /** As the program writes it, e.g. `error`, `drop` or `allow`. */
  readonly leaks: string;
  readonly reason: string | null;
}

/**
 * Every distinct data set that the program's tables use; those that it declares where they use none.
 * @param onWrong told of those that it declares and that cannot be looked at
 */
export function findDatasets(
  program: LoadedProgram,
  options: CallOptions,
  terminal: Terminal,
  onWrong: (name: string, reason: string) => void,
): readonly ProgramDataset[] {
  const used = datasetsOf(program.graph);
  if (used.length > 0) return used;
  return graphOfDeclarations(program, options, terminal).flatMap(({ name, graph, reason }) => {
    if (graph !== null) return datasetsOf(graph);
    onWrong(name, reason ?? "it is wrong");
    return [];
  });
}

function datasetsOf({ tasks }: TaskGraph): readonly ProgramDataset[] {
  const ops = opsByName();
  return tasks.filter(isDataset).map((task) => {
    const { id, op, params, origin, label } = task;
    return { name: nameIn(label, op), op, params, origin, leakRules: leakRulesOf(id, tasks) };
  });

  function isDataset({ op }: Task): boolean {
    const signature = ops.get(op)?.signature;
    return signature?.role === "dataset" && signature.use === "constructor";
  }
}

/** A task's label begins with its op. */
function nameIn(label: string, op: string): string {
  const head = `${op} · `;
  return label.startsWith(head) ? label.slice(head.length) : label;
}

/** What takes the data set and has a parameter `leaks` decides about them. */
function leakRulesOf(id: string, tasks: readonly Task[]): readonly LeakRule[] {
  const rules = new Map<string, LeakRule>();
  for (const { inputs, params } of tasks) {
    const { leaks, leaks_reason: reason } = params;
    if (typeof leaks !== "string" || !Object.values(inputs).includes(id)) continue;
    rules.set(JSON.stringify([leaks, reason]), { leaks, reason: typeof reason === "string" ? reason : null });
  }
  return [...rules.values()];
}
