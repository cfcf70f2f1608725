import type { ComparedRun, RunComparison } from "../../3-tabulate/compare/compare-runs.ts";
import { environmentOf } from "../../run-environment.ts";
import type { AskedTask } from "../../store/store.ts";

/** How two runs differ, complete, for programs. */
export function comparisonJson({ before, now, environment, tasks, questions, scores }: RunComparison): unknown {
  return {
    version: 1,
    runs: [runJson(before), runJson(now)],
    environment,
    tasks: {
      both: tasks.both.map((pair) => ({
        label: pair.now.label,
        ...(pair.before.label === pair.now.label ? {} : { labelBefore: pair.before.label }),
        question: pair.before.fingerprint === pair.now.fingerprint ? "same" : "changed",
        before: endJson(pair.before),
        now: endJson(pair.now),
      })),
      onlyBefore: tasks.onlyBefore.map(taskJson),
      onlyNow: tasks.onlyNow.map(taskJson),
    },
    questions: { changed: questions.roots, unknown: questions.unknown },
    scores: {
      changed: scores.changed.map((pair) => ({
        label: pair.now.label,
        before: pair.before.score,
        now: pair.now.score,
        outcomes: [pair.before.outcome, pair.now.outcome],
      })),
      same: scores.same,
    },
  };
}

function runJson({ run, isWhole, tasks }: ComparedRun): unknown {
  return {
    run: run.run,
    program: run.program,
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.end?.finishedAt.toISOString() ?? null,
    environment: environmentOf(run),
    tasks: tasks.length,
    isWhole,
  };
}

function taskJson(task: AskedTask): unknown {
  return { label: task.label, ...(endJson(task) as object) };
}

function endJson({ fingerprint, outcome, reason, score }: AskedTask): unknown {
  return { fingerprint, outcome, ...(reason === null ? {} : { reason }), ...(score === null ? {} : { score }) };
}
