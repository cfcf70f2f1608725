import type { TaskGraph } from "@exp-lab/dsl";
import type { Plan, PlannedTask } from "../../1-plan/plan.ts";
import { weightSourceKey } from "../../1-plan/weight-files.ts";
import { isStoredWeights } from "../../1-plan/param-values.ts";
import type { Store } from "../../store/store.ts";
import type { CallOptions } from "../command.ts";
import type { LoadedProgram } from "../load-program.ts";
import { openToRead } from "../session.ts";
import { withPlan } from "../with-plan.ts";
import { fetchMissing, type FetchOptions } from "./fetch-missing.ts";
import { absentWeights, programWeights, type NamedWeights } from "./program-weights.ts";

export interface FetchNeededOptions extends FetchOptions {
  readonly options: CallOptions;
  /** Of the store. */
  readonly folder: string;
  /** True: the store's memory of weights that are gone is not trusted. */
  readonly rehash: boolean;
}

/**
 * Downloads the weights that a run cannot do without: those that were never here, without whose digests nothing can be planned, and
 * of those that are gone by now the ones whose bytes a task needs that must run.
 * @throws CommandError naming all that cannot be had
 */
export async function fetchNeeded(program: LoadedProgram, call: FetchNeededOptions): Promise<void> {
  const { graph, file } = program;
  const absent = await absentWeights(programWeights(graph.tasks));
  if (absent.length === 0) return;
  const gone = call.rehash ? [] : rememberedOf(absent, call);
  await fetchMissing(
    absent.filter((weights) => !gone.includes(weights)),
    call,
  );
  if (gone.length === 0) return;
  const { options, terminal } = call;
  const planning = { file, program, options, terminal, hashBudget: Number.POSITIVE_INFINITY };
  const needed = await withPlan(planning, ({ plan }) => weightsToRead(gone, plan, graph));
  await fetchMissing(needed, call);
}

function rememberedOf(
  absent: readonly NamedWeights[],
  { folder, terminal }: FetchNeededOptions,
): readonly NamedWeights[] {
  const store = openToRead(folder, terminal);
  try {
    return store === null ? [] : absent.filter((weights) => isRemembered(weights, store));
  } finally {
    store?.close();
  }
}

export function isRemembered({ source }: NamedWeights, store: Pick<Store, "findWeightSource">): boolean {
  return store.findWeightSource(weightSourceKey(source)) !== null;
}

/** Those that a task which must run reads: the task that names them, and one that is handed what that made. */
export function weightsToRead(
  weights: readonly NamedWeights[],
  { tasks }: Plan,
  graph: Pick<TaskGraph, "tasks">,
): readonly NamedWeights[] {
  if (weights.length === 0) return [];
  const byId = new Map(graph.tasks.map((task) => [task.id, task]));
  const read = new Set<string>();
  for (const { task } of tasks.filter(mustRun)) {
    const inputs = Object.values(task.inputs).flatMap((id) => byId.get(id) ?? []);
    for (const value of [task, ...inputs].flatMap(({ params }) => Object.values(params))) {
      if (isStoredWeights(value)) read.add(weightSourceKey(value));
    }
  }
  return weights.filter(({ source }) => read.has(weightSourceKey(source)));
}

function mustRun({ status, examples }: PlannedTask): boolean {
  return status !== "hit" && (examples === null || examples.miss > 0);
}
