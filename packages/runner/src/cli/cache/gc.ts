import type { ChosenRemoval, CollectPolicy, RemovalSummary } from "../../collect/choose-removal.ts";
import { collectGarbage, planCollection, type CollectOptions } from "../../collect/collect-garbage.ts";
import { formatBytes } from "../../4-report/bytes.ts";
import { formatCount } from "../../4-report/count.ts";
import type { Store } from "../../store/store.ts";
import type { CallOptions, CommandCall, Terminal } from "../command.ts";
import { CommandError, exitCodes, type ExitCode } from "../exit-codes.ts";
import { stopOnInterrupt } from "../interrupts.ts";
import { environmentError, openToChange, openToRead, opsByName } from "../session.ts";
import { findStoreOfPrograms, loadKeptPrograms, reachOfPrograms, type KeptProgram } from "./kept-programs.ts";
import { readAge, readSize } from "./limits.ts";
import { noStoreYet } from "./no-store-yet.ts";
import { openProgressLine, type ProgressLine } from "./progress-line.ts";

/** `exp cache gc`: says what is not wanted any more and, with --yes, removes it. */
export async function collectCache(call: CommandCall, terminal: Terminal): Promise<ExitCode> {
  const { options } = call;
  const policy = readPolicy(call);
  const programs = loadKeptPrograms(call, terminal);
  const folder = findStoreOfPrograms(call, terminal);
  const open = options.own["yes"] === true ? openToChange : openToRead;
  const store = open(folder, terminal);
  const line = openProgressLine(options, terminal);
  try {
    if (store === null) {
      terminal.out(options.json ? `${JSON.stringify({ version: 1, ...nothingThere })}\n` : noStoreYet(folder));
      return exitCodes.done;
    }
    const { reach, kept } = await reachOfPrograms(programs, store, line);
    const collection: CollectOptions = { store, ops: opsByName(), reach, policy };
    line.show("Looking through the store ...");
    const chosen = await planCollection(collection);
    return options.own["yes"] === true
      ? await removeChosen(chosen, collection, { kept, options, terminal, line })
      : showChosen(chosen, collection, { kept, options, terminal, line });
  } catch (error) {
    throw environmentError(error);
  } finally {
    line.clear();
    store?.close();
  }
}

function readPolicy({ arguments: files, options: { own } }: CommandCall): CollectPolicy {
  const { olderThan, maxSize } = own;
  if (files.length === 0 && olderThan === undefined && maxSize === undefined) {
    throw new CommandError(
      exitCodes.wrong,
      "`exp cache gc` has to be told what to keep: everything else goes.",
      "Name the programs to keep, or an age (--older-than 30d), or a size (--max-size 20GB).",
    );
  }
  return {
    usedBefore: typeof olderThan === "string" ? readAge(olderThan, new Date()) : null,
    mostBytes: typeof maxSize === "string" ? readSize(maxSize) : null,
  };
}

interface Surroundings {
  readonly kept: readonly KeptProgram[];
  readonly options: CallOptions;
  readonly terminal: Terminal;
  readonly line: ProgressLine;
}

function showChosen(
  { summary, bytesLeft }: ChosenRemoval,
  { store, policy }: CollectOptions,
  around: Surroundings,
): ExitCode {
  const { kept, options, terminal, line } = around;
  const { path, fileBytes } = store.statistics();
  line.clear();
  if (options.json) {
    terminal.out(`${JSON.stringify({ version: 1, isRemoved: false, kept, ...summary, fileBytes, bytesLeft })}\n`);
    return exitCodes.done;
  }
  const isTooMuch = policy.mostBytes !== null && bytesLeft > policy.mostBytes;
  terminal.out(
    `${path}  ${formatBytes(fileBytes)}\n${keptText(kept, terminal)}` +
      (isNothing(summary)
        ? "There is nothing to remove.\n"
        : `Would remove, leaving about ${formatBytes(bytesLeft)}:\n${summaryText(summary)}`) +
      (isTooMuch ? `What is kept does not fit into ${formatBytes(policy.mostBytes)}.\n` : "") +
      (isNothing(summary) ? "" : "Nothing was removed. Write --yes to remove this.\n"),
  );
  return exitCodes.done;
}

async function removeChosen(chosen: ChosenRemoval, options: CollectOptions, around: Surroundings): Promise<ExitCode> {
  const { kept, terminal, line } = around;
  const { store, policy } = options;
  const before = store.statistics().fileBytes;
  const interrupts = stopOnInterrupt();
  try {
    let steps = 0;
    const summary = await collectGarbage(chosen, options, {
      signal: interrupts.signal,
      onProgress: () => {
        steps += 1;
        line.show(`Removing ... ${formatCount(steps)} steps done`);
      },
    });
    line.clear();
    const { path, fileBytes } = store.statistics();
    const isStopped = interrupts.signal.aborted;
    if (around.options.json) {
      const freed = Math.max(before - fileBytes, 0);
      terminal.out(
        `${JSON.stringify({ version: 1, isRemoved: true, isStopped, kept, ...summary, freed, fileBytes })}\n`,
      );
    } else {
      const isTooMuch = policy.mostBytes !== null && fileBytes > policy.mostBytes;
      terminal.out(
        `${path}  ${formatBytes(before)}\n${keptText(kept, terminal)}` +
          (isStopped
            ? ""
            : isNothing(summary)
              ? "There was nothing to remove.\n"
              : `Removed:\n${summaryText(summary)}`) +
          freedText(store, before) +
          (isTooMuch && !isStopped ? `What is kept does not fit into ${formatBytes(policy.mostBytes)}.\n` : ""),
      );
    }
    if (isStopped)
      terminal.err("\nStopped. What was removed stays removed; the rest can be removed by the same command.\n");
    return isStopped ? exitCodes.interrupted : exitCodes.done;
  } finally {
    interrupts.release();
  }
}

function freedText(store: Store, before: number): string {
  const { fileBytes } = store.statistics();
  const freed = before - fileBytes;
  return freed > 0 ? `Freed ${formatBytes(freed)}: the store takes ${formatBytes(fileBytes)} now.\n` : "";
}

const nothingThere = { isRemoved: false, kept: [], answers: 0, artifacts: 0, artifactBytes: 0, rows: 0, rowBytes: 0 };

function isNothing({ answers, artifacts, rows }: RemovalSummary): boolean {
  return answers + artifacts + rows === 0;
}

function keptText(kept: readonly KeptProgram[], { paintOut }: Terminal): string {
  if (kept.length === 0) return "";
  const width = Math.max(...kept.map(({ file }) => file.length));
  const lines = kept.map(({ file, tasks, stored, unknownRows }) => {
    const open = stored === 0 ? `  ${paintOut.warning("!")} run it first, or nothing is kept for it` : "";
    const note =
      unknownRows > 0 && stored > 0
        ? `  ${paintOut.warning("!")} its data or backbones have changed: run it first, so that its features are known`
        : "";
    return `  ${file.padEnd(width)}  ${formatCount(stored)} of ${formatCount(tasks)} tasks stored${open}${note}\n`;
  });
  return `Kept:\n${lines.join("")}`;
}

function summaryText({ answers, artifacts, artifactBytes, rows, rowBytes }: RemovalSummary): string {
  const lines = [
    ["answers", formatCount(answers), ""],
    ["artifacts", formatCount(artifacts), formatBytes(artifactBytes)],
    ["rows", formatCount(rows), formatBytes(rowBytes)],
  ];
  const width = Math.max(...lines.map(([, count = ""]) => count.length));
  return lines
    .map(
      ([name = "", count = "", bytes = ""]) =>
        `  ${name.padEnd(9)}  ${count.padStart(width)}  ${bytes}`.trimEnd() + "\n",
    )
    .join("");
}
