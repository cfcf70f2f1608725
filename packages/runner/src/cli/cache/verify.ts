import { formatBytes } from "../../4-report/bytes.ts";
import { countOf, formatCount } from "../../4-report/count.ts";
import { formatDuration } from "../../4-report/duration.ts";
import type { Store } from "../../store/store.ts";
import type { VerifyReport } from "../../store/upkeep.ts";
import type { CommandCall, Terminal } from "../command.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { environmentError, openToChange } from "../session.ts";
import { findStoreFolder } from "../store-folder.ts";
import { noStoreYet } from "./no-store-yet.ts";
import { openProgressLine, type ProgressLine } from "./progress-line.ts";

/** `exp cache verify`: reads every byte of the store and drops what is damaged. Stopping it at any time costs nothing. */
export async function verifyCache({ options }: CommandCall, terminal: Terminal): Promise<ExitCode> {
  const folder = findStoreFolder(options.store, terminal.workingFolder);
  const store = openToChange(folder, terminal);
  if (store === null) {
    terminal.out(options.json ? `${JSON.stringify({ version: 1, ...nothingChecked })}\n` : noStoreYet(folder));
    return exitCodes.done;
  }
  const line = openProgressLine(options, terminal);
  const started = performance.now();
  try {
    line.show("Looking through the file's pages ...");
    const report = await verify(store, line);
    line.clear();
    const seconds = (performance.now() - started) / 1000;
    const { path } = store.statistics();
    if (options.json) terminal.out(`${JSON.stringify({ version: 1, ...report })}\n`);
    else terminal.out(isWhole(report) ? wholeText(path, report, seconds) : damageText(path, report));
    return isWhole(report) ? exitCodes.done : exitCodes.failed;
  } catch (error) {
    line.clear();
    throw environmentError(error);
  } finally {
    store.close();
  }
}

async function verify(store: Store, line: ProgressLine): Promise<VerifyReport> {
  const steps = store.verify();
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    const { bytes, totalBytes } = step.value;
    if (bytes > 0) line.show(`Read ${formatBytes(bytes)} of ${formatBytes(Math.max(bytes, totalBytes))} ...`);
    await new Promise(setImmediate);
  }
}

const nothingChecked: VerifyReport = { checked: {}, bytes: 0, damaged: {}, slots: [], rowPrograms: [] };

function isWhole({ damaged }: VerifyReport): boolean {
  return Object.keys(damaged).length === 0;
}

function wholeText(path: string, { checked, bytes }: VerifyReport, seconds: number): string {
  const entries = Object.values(checked).reduce((sum, count) => sum + count, 0);
  return (
    `${path} is whole.\n` +
    `  ${countOf(entries, "check")} over the entries, ${formatBytes(bytes)} of answers and rows, in ${formatDuration(seconds)}\n`
  );
}

function damageText(path: string, { damaged, slots, rowPrograms }: VerifyReport): string {
  const counts = Object.entries(damaged).map(([table, count]) => [table, formatCount(count)] as const);
  const width = Math.max(...counts.map(([table]) => table.length));
  const list = counts.map(([table, count]) => `  ${table.padEnd(width)}  ${count}\n`).join("");
  const owners = [
    ...slots.map((slot) => slot.replace("#", ": ")),
    ...rowPrograms.map((program) => (program === "" ? "features" : `features made by ${program}`)),
  ];
  const shown = owners.slice(0, shownOwners).map((owner) => `  ${owner}\n`);
  const more = owners.length - shown.length;
  const rest = more > 0 ? `  ... and ${formatCount(more)} more\n` : "";
  return (
    `${path} had damaged entries. They were dropped:\n${list}` +
    (owners.length === 0 ? "" : `They belonged to:\n${shown.join("")}${rest}`) +
    "What is not damaged stays. The next run that needs what was dropped computes it anew" +
    `${Object.keys(damaged).some((table) => historyTables.includes(table)) ? historyNote : "."}\n`
  );
}

/** Tables that no answer hangs on. */
const historyTables: readonly string[] = ["run", "question", "run_task"];
const historyNote = ";\nwhat was lost of the history, `exp why` can no longer tell.";

const shownOwners = 20;
