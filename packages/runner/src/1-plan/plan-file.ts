import type { TaskId } from "@exp-lab/dsl";
import type { Fingerprint } from "../hash/digests.ts";
import type { Plan, PlannedTask, PlanSummary } from "./plan.ts";

/** A plan as it is written down: what a run may do, and no more. */
export interface PlanFile {
  readonly kind: "exp plan";
  readonly version: 1;
  /** The program, relative to the plan's own folder, with `/` between names. */
  readonly program: string;
  /** What `--set` gave to it. */
  readonly settings: Readonly<Record<string, string>>;
  /** The tasks that are to run, those included that run only if an input changes. */
  readonly tasks: readonly PlanFileTask[];
  readonly summary: PlanSummary;
}

export interface PlanFileTask {
  readonly id: TaskId;
  readonly label: string;
  readonly fingerprint: Fingerprint;
  readonly status: "maybe" | "miss";
  /** Images to pass through a backbone, where that is known. */
  readonly images?: number;
}

/** @param about the program and its settings, which the plan itself does not know */
export function toPlanFile({ tasks, summary }: Plan, about: Pick<PlanFile, "program" | "settings">): PlanFile {
  return {
    kind: "exp plan",
    version: 1,
    ...about,
    tasks: tasks.flatMap(({ task, question, status, examples }): readonly PlanFileTask[] => {
      if (status === "hit") return [];
      if (question === null) throw new Error(`"${task.label}" hangs on files that are not hashed.`);
      const { fingerprint } = question;
      return [
        {
          id: task.id,
          label: task.label,
          fingerprint,
          status,
          ...(examples === null ? {} : { images: examples.miss }),
        },
      ];
    }),
    summary,
  };
}

/** Null where the text is no plan of this version; `newer` where it is one of a later version. */
export function readPlanFile(text: string): PlanFile | "newer" | null {
  const parsed = parse(text);
  if (parsed?.["kind"] !== "exp plan") return null;
  if (typeof parsed["version"] === "number" && parsed["version"] > 1) return "newer";
  const { program, settings, tasks, summary } = parsed;
  const isWhole =
    parsed["version"] === 1 &&
    typeof program === "string" &&
    isRecord(settings) &&
    isRecord(summary) &&
    isTaskList(tasks);
  return isWhole ? (parsed as unknown as PlanFile) : null;
}

/** What would run now although the plan does not hold it, in the plan's order. */
export function findUnplanned({ tasks }: Plan, planned: PlanFile): readonly PlannedTask[] {
  const known = new Set(planned.tasks.map(({ fingerprint }) => fingerprint));
  return tasks.filter(
    ({ status, question }) => status !== "hit" && !(question !== null && known.has(question.fingerprint)),
  );
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTaskList(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((task) => isRecord(task) && [task["id"], task["label"], task["fingerprint"]].every(isText))
  );
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}
