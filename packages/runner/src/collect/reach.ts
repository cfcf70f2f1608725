import type { TaskGraph } from "@exp-lab/dsl";
import { examplesCodec } from "@exp-lab/ops";
import { examplesInput, rowInputs } from "../1-plan/count-examples.ts";
import { contentKey, rowRecipe } from "../1-plan/manifest.ts";
import { tasksBehindTables } from "../1-plan/needed-tasks.ts";
import { expectedInputs, planEveryTask, type PlanOptions } from "../1-plan/plan-graph.ts";
import type { PlannedById, PlannedTask } from "../1-plan/plan.ts";
import { decodeRowSet } from "../2-execute/row-set.ts";
import type { ContentKey, Digest, Fingerprint, Recipe } from "../hash/digests.ts";
import type { Store } from "../store/store.ts";

/** What the tables of programs rest on, of all that may be in a store. */
export interface Reach {
  readonly answers: Set<Fingerprint>;
  /** Answers that are found by the bytes of their inputs. */
  readonly contents: Map<Recipe, Set<ContentKey>>;
  /** Of answers that are found by their inputs alone. */
  readonly artifacts: Set<Digest>;
  /** The examples of a recipe whose rows are reached; "all" where the examples are not known before a run. */
  readonly rows: Map<Recipe, Set<string> | "all">;
}

export function createReach(): Reach {
  return { answers: new Set(), contents: new Map(), artifacts: new Set(), rows: new Map() };
}

/** What one program adds to the reach of all. */
export interface ProgramReach {
  readonly tasks: number;
  /** Tasks whose answers are stored. */
  readonly stored: number;
  /** Extractions whose rows cannot be told from others', since their data set or their backbone has to be read first. */
  readonly unknownRows: number;
}

/**
 * Adds what the tables of a program rest on, with its files read as they are now.
 * @throws OpError where a file that the program names is missing: nothing may be concluded then
 */
export async function addReach(reach: Reach, graph: TaskGraph, options: PlanOptions): Promise<ProgramReach> {
  const { planned } = await planEveryTask(graph, { ...options, hashBudget: Number.POSITIVE_INFINITY });
  const tasks = tasksBehindTables(graph, planned);
  let unknownRows = 0;
  for (const entry of tasks) {
    addTask(reach, entry, planned);
    if (entry.op.shape === "per example" && !addRows(reach, entry, planned, options.store)) unknownRows += 1;
    await new Promise(setImmediate);
  }
  return { tasks: tasks.length, stored: tasks.filter(({ answer }) => answer !== null).length, unknownRows };
}

function addTask(reach: Reach, { task, op, question, answer, status, former }: PlannedTask, all: PlannedById): void {
  if (question === null) throw new Error(`The files of "${task.label}" were to be hashed.`);
  reach.answers.add(question.fingerprint);
  if (answer?.byContent === true) reach.artifacts.add(answer.artifact);
  if (status === "maybe" && former !== null) reach.artifacts.add(former);
  const inputs = op.deterministic ? expectedInputs(task, op, all) : null;
  if (inputs === null) return;
  const keys = reach.contents.get(question.contentRecipe) ?? new Set();
  reach.contents.set(question.contentRecipe, keys.add(contentKey(question.contentRecipe, inputs)));
}

/** False where more may be reached than can be told. */
function addRows(reach: Reach, planned: PlannedTask, all: PlannedById, store: Store): boolean {
  const stored = planned.answer === null ? null : store.readArtifact(planned.answer.artifact);
  if (stored === null) return addExpectedRows(reach, planned, all, store);
  const { recipe, examples } = decodeRowSet(stored.bytes);
  addExamples(reach, recipe, examples);
  return true;
}

/** Of an extraction that has not come to its end: the rows that it would look for. */
function addExpectedRows(reach: Reach, { task, op, question }: PlannedTask, all: PlannedById, store: Store): boolean {
  const upstream = (name: string): PlannedTask | undefined => all.get(task.inputs[name] ?? "");
  const inputs: Record<string, Digest> = {};
  for (const name of rowInputs(op)) {
    const digest = upstream(name)?.answer?.artifact ?? upstream(name)?.former ?? null;
    if (digest === null) return false;
    inputs[name] = digest;
  }
  if (question === null) return false;
  const recipe = rowRecipe(question.contentRecipe, inputs);
  const listed = upstream(examplesInput(op))?.answer ?? null;
  const artifact = listed === null ? null : store.readArtifact(listed.artifact);
  if (artifact === null) {
    reach.rows.set(recipe, "all");
    return false;
  }
  const { examples } = examplesCodec.decode(artifact.bytes);
  addExamples(
    reach,
    recipe,
    examples.map(({ digest }) => digest),
  );
  return true;
}

function addExamples(reach: Reach, recipe: Recipe, examples: readonly string[]): void {
  const known = reach.rows.get(recipe) ?? new Set();
  if (known === "all") return;
  for (const example of examples) known.add(example);
  reach.rows.set(recipe, known);
}
