import { manifestOf } from "../../1-plan/manifest.ts";
import { basename } from "node:path";
import type { FileProvenance, Provenance, TaskProvenance } from "../../3-tabulate/find-provenance.ts";
import { environmentOf } from "../../run-environment.ts";

/** The whole chain under an answer, for programs: tasks with their inputs first, and the runs that they name. */
export function provenanceJson({ tasks, runs }: Provenance): unknown {
  return {
    tasks: tasks.map(taskJson),
    runs: runs.map(({ run, program, startedAt, environment, end }) => ({
      run,
      program,
      startedAt: startedAt.toISOString(),
      finishedAt: end?.finishedAt.toISOString() ?? null,
      environment: environmentOf({ environment, end }),
    })),
  };
}

function taskJson({ planned, files, maker, rows }: TaskProvenance): unknown {
  const { task, question, status, answer } = planned;
  const manifest = question === null ? null : manifestOf(question);
  return {
    task: task.id,
    label: task.label,
    op: task.op,
    version: planned.op.signature.version,
    params: manifest?.params ?? null,
    inputs: task.inputs,
    fingerprint: question?.fingerprint ?? null,
    files: files.map(fileJson),
    libraries: manifest?.libraries ?? null,
    status,
    answer: answer === null ? null : { kind: answer.kind, artifact: answer.artifact },
    madeBy: maker,
    ...(planned.op.shape === "per example" ? { rows } : {}),
  };
}

function fileJson({ name, digest, bytes, count, origin }: FileProvenance): unknown {
  return { name, digest, bytes, count, origin: { ...origin, file: basename(origin.file) } };
}
