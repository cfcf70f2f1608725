import { manifestOf, type Manifest } from "../1-plan/manifest.ts";
import type { PlannedById, PlannedTask } from "../1-plan/plan.ts";
import { canonicalJson } from "../hash/canonical-json.ts";
import type { Fingerprint } from "../hash/digests.ts";
import type { AnswerMaker, Store } from "../store/store.ts";

/** The run that computed an answer. */
export interface TaskMaker extends AnswerMaker {
  /** True where it answered another question with inputs of these very bytes, whose answer was then taken over. */
  readonly bySameBytes: boolean;
}

/** Null where there is no answer, or where the run that computed it cannot be found any more. */
export function findTaskMaker(planned: PlannedTask, byId: PlannedById, store: Store): TaskMaker | null {
  const { question, answer } = planned;
  if (question === null || answer === null) return null;
  const maker = store.findMaker(question.fingerprint);
  // An answer that was taken over took its run no time: the run that computed it is another one.
  if (maker !== null && maker.seconds > 0) return { ...maker, bySameBytes: false };
  const makers = store.findQuestionsOf(answer.artifact).flatMap((fingerprint) => {
    if (fingerprint === question.fingerprint || !isSameWork(fingerprint, planned, byId, store)) return [];
    return store.findMaker(fingerprint) ?? [];
  });
  const [first] = makers.filter(({ seconds }) => seconds > 0).sort((a, b) => a.run - b.run);
  return first === undefined ? null : { ...first, bySameBytes: true };
}

/** Whether another question differs from a task's in nothing but how its inputs, of the same bytes, were asked for. */
function isSameWork(other: Fingerprint, { task, question }: PlannedTask, byId: PlannedById, store: Store): boolean {
  const text = store.readManifest(other);
  if (text === null || question === null) return false;
  const manifest = JSON.parse(text) as Manifest;
  const own = manifestOf(question);
  if (withoutInputs(manifest) !== withoutInputs(own)) return false;
  const stored = store.findAnswers(Object.values(manifest.inputs));
  return Object.keys(own.inputs).every((name) => {
    const input = manifest.inputs[name];
    const theirs = input === undefined ? undefined : stored.get(input);
    const ours = byId.get(task.inputs[name] ?? "")?.answer;
    return theirs !== undefined && theirs.artifact === ours?.artifact;
  });
}

function withoutInputs(manifest: Manifest): string {
  return canonicalJson({ ...manifest, inputs: {} });
}
