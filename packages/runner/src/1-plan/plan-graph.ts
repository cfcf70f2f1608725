import type { Task, TaskGraph, TaskId } from "@exp-lab/dsl";
import type { Op } from "@exp-lab/ops";
import type { Digest, Fingerprint } from "../hash/digests.ts";
import type { Store } from "../store/store.ts";
import { countExamples } from "./count-examples.ts";
import { findByContent } from "./find-by-content.ts";
import { askQuestion } from "./manifest.ts";
import { neededTasks } from "./needed-tasks.ts";
import {
  slotOf,
  type Plan,
  type PlannedById,
  type PlannedQuestion,
  type PlannedTask,
  type PlanStatus,
  type PlanSummary,
} from "./plan.ts";
import type { SourceDigestOptions } from "./file-digests.ts";
import { digestSources, type SourceDigests } from "./source-digests.ts";

export interface PlanOptions extends Omit<SourceDigestOptions, "budget"> {
  /** The program's file name: the first half of every slot. */
  readonly program: string;
  readonly ops: ReadonlyMap<string, Op>;
  readonly libraryVersions: Readonly<Record<string, string>>;
  /** Bytes of input files that planning may hash. */
  readonly hashBudget: number;
  /** Handed the files of every task before any question is asked; what it throws ends the planning. */
  readonly onSources?: (sources: GraphSources) => void;
}

/** The files that each task of a graph reads, by digest. */
export type GraphSources = ReadonlyMap<TaskId, SourceDigests>;

/** Decides hit, maybe or miss for every task. Asks every question, answers none. */
export async function planGraph(graph: TaskGraph, options: PlanOptions): Promise<Plan> {
  const { planned, sources } = await planEveryTask(graph, options);
  const tasks = neededTasks(graph, planned);
  return { tasks, tables: graph.tables, summary: summarise(tasks, sources) };
}

/** The whole graph's tasks with their decisions, inputs first: also those that no run would look at. */
export async function planEveryTask(graph: TaskGraph, options: PlanOptions): Promise<PlannedGraph> {
  const sources = await digestAllSources(graph, options);
  options.onSources?.(sources);
  const questions = askAll(graph, sources, options);
  const stored = options.store.findAnswers([...questions.values()].map((question) => question.fingerprint));

  const isOpen = (task: Task): boolean => {
    const question = questions.get(task.id);
    return question !== undefined && !stored.has(question.fingerprint);
  };
  const formers = options.store.findFormerAnswers(
    graph.tasks.filter(isOpen).map((task) => slotOf(options.program, task)),
  );

  const planned = new Map<TaskId, PlannedTask>();
  for (const task of graph.tasks) {
    const op = opOf(task, options);
    const question = questions.get(task.id) ?? null;
    const decided = question === null ? unasked : decide({ task, op, question, stored, formers, planned, options });
    const examples =
      op.shape === "per example" && question !== null
        ? countExamples({ task, op, question, planned }, options.store)
        : null;
    planned.set(task.id, { task, op, question, examples, ...decided });
  }
  return { planned, sources };
}

export interface PlannedGraph {
  readonly planned: ReadonlyMap<TaskId, PlannedTask>;
  readonly sources: ReadonlyMap<TaskId, SourceDigests>;
}

export function opOf(task: Task, options: Pick<PlanOptions, "ops">): Op {
  const op = options.ops.get(task.op);
  if (op === undefined) throw new Error(`The graph holds a task of an unknown op "${task.op}".`);
  return op;
}

/** @throws OpError where a file that the program names is missing or unreadable */
export async function digestAllSources(
  graph: TaskGraph,
  options: Omit<SourceDigestOptions, "budget"> & Pick<PlanOptions, "ops" | "hashBudget">,
): Promise<GraphSources> {
  const hashing = { ...options, budget: { bytes: options.hashBudget } };
  const sources = new Map<TaskId, SourceDigests>();
  for (const task of graph.tasks) {
    sources.set(task.id, await digestSources(task, opOf(task, options), hashing));
  }
  return sources;
}

/** A task whose files (or whose upstream's files) are not hashed has no question yet. */
function askAll(graph: TaskGraph, sources: GraphSources, options: PlanOptions): ReadonlyMap<TaskId, PlannedQuestion> {
  const questions = new Map<TaskId, PlannedQuestion>();
  for (const task of graph.tasks) {
    const own = sources.get(task.id);
    if (own === undefined || own.unhashed.files > 0) continue;
    const inputs: Record<string, Fingerprint> = {};
    for (const [name, id] of Object.entries(task.inputs)) {
      const upstream = questions.get(id);
      if (upstream !== undefined) inputs[name] = upstream.fingerprint;
    }
    if (Object.keys(inputs).length < Object.keys(task.inputs).length) continue;
    const op = opOf(task, options);
    const { libraryVersions } = options;
    const { fingerprint, text, contentRecipe } = askQuestion({ task, op, sources: own, inputs, libraryVersions });
    const [absent] = own.remembered.flatMap(({ files }) => files);
    questions.set(task.id, {
      ...{ fingerprint, text, contentRecipe, fileDigests: own.byParam, files: own.files },
      ...(own.bySource !== undefined && { sourceDigests: own.bySource }),
      ...(absent !== undefined && { absentWeights: absent.name }),
    });
  }
  return questions;
}

type Decision = Pick<PlannedTask, "status" | "answer" | "former">;

/** Files are not hashed, so that there is no question yet. */
const unasked: Decision = { status: "miss", answer: null, former: null };

interface Undecided {
  readonly task: Task;
  readonly op: Op;
  readonly question: PlannedQuestion;
  readonly stored: ReturnType<Store["findAnswers"]>;
  /** What tasks gave the last time they gave something, by slot: their questions may have been other ones. */
  readonly formers: ReadonlyMap<string, Digest>;
  readonly planned: ReadonlyMap<TaskId, PlannedTask>;
  readonly options: PlanOptions;
}

/**
 * By the question itself; else, for a deterministic op, by the bytes of its inputs. An input that must run counts with
 * the bytes that its slot gave before: if those answer the question, it is a `maybe`.
 */
function decide({ task, op, question, stored, formers, planned, options }: Undecided): Decision {
  const direct = stored.get(question.fingerprint);
  if (direct !== undefined) return { status: "hit", answer: { ...direct, byContent: false }, former: null };
  const former = formers.get(slotOf(options.program, task)) ?? null;
  const miss: Decision = { status: "miss", answer: null, former };
  if (!op.deterministic) return miss;

  const inputs = expectedInputs(task, op, planned);
  if (inputs === null) return miss;
  const found = findByContent(options.store, question.contentRecipe, inputs);
  if (found === null) return miss;
  return Object.keys(inputs).every((name) => planned.get(task.inputs[name] ?? "")?.answer != null)
    ? { status: "hit", answer: { kind: found.kind, artifact: found.artifact, byContent: true }, former: null }
    : { status: "maybe", answer: null, former: found.artifact };
}

/**
 * The bytes of a task's inputs by digest: as stored, or what an input that must run gave before. Null where one is unknown.
 */
export function expectedInputs(task: Task, op: Op, planned: PlannedById): Readonly<Record<string, Digest>> | null {
  const inputs: Record<string, Digest> = {};
  for (const [name, id] of Object.entries(task.inputs)) {
    if (op.signature.inputs[name]?.locator === true) continue;
    const upstream = planned.get(id);
    const digest = upstream?.answer?.artifact ?? upstream?.former ?? null;
    if (digest === null) return null;
    inputs[name] = digest;
  }
  return inputs;
}

function summarise(tasks: readonly PlannedTask[], sources: GraphSources): PlanSummary {
  const count = (status: PlanStatus): number => tasks.filter((planned) => planned.status === status).length;
  const unhashed = tasks.map((planned) => sources.get(planned.task.id)?.unhashed ?? { files: 0, bytes: 0 });
  return {
    tasks: tasks.length,
    hits: count("hit"),
    maybes: count("maybe"),
    misses: count("miss"),
    unhashed: {
      files: unhashed.reduce((sum, { files }) => sum + files, 0),
      bytes: unhashed.reduce((sum, { bytes }) => sum + bytes, 0),
    },
  };
}
