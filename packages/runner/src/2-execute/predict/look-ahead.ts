import { countExamples } from "../../1-plan/count-examples.ts";
import type { Plan, PlannedById, PlannedTask } from "../../1-plan/plan.ts";
import type { Digest } from "../../hash/digests.ts";
import type { Store } from "../../store/store.ts";
import type { OpCall } from "../executor.ts";
import { countInputBytes, gatherInputs, LostAnswer } from "../gather-inputs.ts";
import { performCall } from "../perform-call.ts";
import type { RowSource } from "./count-rows.ts";

export interface LookedAhead {
  /** The plan's tasks; lists of examples that it would draw have them as answers, extractions their counts. Statuses are the plan's. */
  readonly tasks: readonly PlannedTask[];
  /** The store, with those lists beside what it holds. */
  readonly rows: RowSource;
}

/** Bytes of data sets that are read for it, each as often as lists are drawn from it: a plan is to be quick. */
const mostBytes = 256 << 20;

/**
 * Draws the lists of examples that a plan would draw from data sets that have been read (splits, shots, views), so that it can
 * be said beforehand how many images pass through a backbone. Nothing is stored. Of many draws from large data sets only the
 * first are made.
 */
export async function lookAhead({ tasks }: Plan, store: Store): Promise<LookedAhead> {
  const drawn = new Map<Digest, Awaited<ReturnType<typeof draw>>>();
  const byId = new Map(tasks.map((planned) => [planned.task.id, planned]));
  const rows: RowSource = {
    readArtifact: (digest) => drawn.get(digest) ?? store.readArtifact(digest),
    missingRows: (recipe, examples) => store.missingRows(recipe, examples),
  };
  let bytes = 0;
  for (const planned of tasks) {
    const call = planned.answer === null && bytes < mostBytes ? await prepare(planned, byId, store) : null;
    if (call === null) continue;
    bytes += countInputBytes(call.inputs);
    const list = await draw(planned, call);
    if (list === null) continue;
    drawn.set(list.digest, list);
    byId.set(planned.task.id, { ...planned, answer: { kind: list.kind, artifact: list.digest, byContent: false } });
  }
  return {
    tasks: [...byId.values()].map((planned) => {
      const { task, op, question, examples } = planned;
      if (op.shape !== "per example" || question === null || examples !== null) return planned;
      return { ...planned, examples: countExamples({ task, op, question, planned: byId }, rows) };
    }),
    rows,
  };
}

/** Null for what draws no list of examples, or hangs on what is not stored. */
async function prepare({ task, op, question }: PlannedTask, byId: PlannedById, store: Store): Promise<OpCall | null> {
  if (op.shape !== "single" || op.signature.output !== "examples" || question === null) return null;
  const upstreams = Object.entries(task.inputs).map(([name, id]) => [name, byId.get(id)] as const);
  const stored = upstreams.flatMap(([name, planned]) => {
    const answer = planned?.answer ?? null;
    return planned === undefined || answer === null ? [] : [[name, { planned, answer }] as const];
  });
  if (stored.length < upstreams.length) return null;
  const { op: name, params } = task;
  const { fileDigests } = question;
  try {
    const inputs = await gatherInputs(Object.fromEntries(stored), store);
    return { op: name, params, inputs, fileDigests, pseudonymKey: store.pseudonymKey() };
  } catch (error) {
    if (error instanceof LostAnswer) return null;
    throw error;
  }
}

/** Null where it would fail: a run says why. */
async function draw({ task, op }: PlannedTask, call: OpCall) {
  const hooks = { signal: new AbortController().signal, onProgress: () => undefined };
  const [answer] = await performCall({ ops: new Map([[task.op, op]]), threads: 1 }, call, hooks);
  return answer?.ok === true ? answer : null;
}
