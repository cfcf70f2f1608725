import { examplesCodec, type Op } from "@exp-lab/ops";
import type { Task, TaskId } from "@exp-lab/dsl";
import type { Digest, Recipe } from "../hash/digests.ts";
import type { Store } from "../store/store.ts";
import { rowRecipe, type Question } from "./manifest.ts";
import type { PlannedTask } from "./plan.ts";

interface Counted {
  readonly task: Task;
  readonly op: Op;
  readonly question: Question;
  readonly planned: ReadonlyMap<TaskId, PlannedTask>;
}

/**
 * How many examples of a per-example task have their rows already. A backbone that must run first has none: the count of
 * what is missing is then the most that a run can cost. Null where the examples themselves are not known.
 */
export function countExamples(
  counted: Counted,
  store: Pick<Store, "readArtifact" | "missingRows">,
): { readonly hit: number; readonly miss: number } | null {
  const examples = readExampleDigests(counted, store);
  if (examples === null) return null;
  const recipe = knownRowRecipe(counted);
  const all = new Set(examples).size;
  const missing = recipe === null ? all : store.missingRows(recipe, examples).length;
  return { hit: all - missing, miss: missing };
}

function readExampleDigests(
  { task, op, planned }: Counted,
  store: Pick<Store, "readArtifact">,
): readonly string[] | null {
  const upstream = planned.get(task.inputs[examplesInput(op)] ?? "");
  const artifact = upstream?.answer == null ? null : store.readArtifact(upstream.answer.artifact);
  return artifact === null ? null : examplesCodec.decode(artifact.bytes).examples.map((example) => example.digest);
}

/** The input of a per-example op whose examples it makes rows of. */
export function examplesInput(op: Op): string {
  const found = Object.entries(op.signature.inputs).find(([, input]) => input.kind === "examples");
  if (found === undefined) throw new Error(`The per-example op "${op.signature.name}" has no input of kind examples.`);
  return found[0];
}

/** The inputs whose bytes are part of a row's key: all but the examples and what only locates them. */
export function rowInputs(op: Op): readonly string[] {
  return Object.entries(op.signature.inputs)
    .filter(([, input]) => input.kind !== "examples" && input.locator !== true)
    .map(([name]) => name);
}

/** The recipe of the rows of a per-example task. Null where an input must run first, and may come to other bytes than before. */
export function knownRowRecipe({ task, op, question, planned }: Counted): Recipe | null {
  const inputs: Record<string, Digest> = {};
  for (const name of rowInputs(op)) {
    const upstream = planned.get(task.inputs[name] ?? "");
    if (upstream?.answer == null) return null;
    inputs[name] = upstream.answer.artifact;
  }
  return rowRecipe(question.contentRecipe, inputs);
}
