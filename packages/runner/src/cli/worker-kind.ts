import type { CallOptions } from "./command.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";

/** Where ops run. A process may crash alone, and its memory is its own. */
export const workerKinds = ["threads", "processes"] as const;

export type WorkerKind = (typeof workerKinds)[number];

/** By `--workers`, else by `EXP_WORKERS`, else threads. @throws CommandError (2) */
export function readWorkerKind(
  { own }: CallOptions,
  environment: Readonly<Record<string, string | undefined>>,
): WorkerKind {
  const given = typeof own["workers"] === "string" ? own["workers"] : (environment["EXP_WORKERS"] ?? "");
  if (given === "") return "threads";
  const kind = workerKinds.find((known) => known === given);
  if (kind !== undefined) return kind;
  throw new CommandError(
    exitCodes.wrong,
    `EXP_WORKERS is "${given}".`,
    `Write ${workerKinds.join(" or ")}, or leave it unset.`,
  );
}

/** What the system, or the container, has left for this run and its workers: not all of it, since others want some too. */
export function usableMemory(): number {
  return 0.9 * process.availableMemory();
}
