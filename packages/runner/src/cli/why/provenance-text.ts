import { basename } from "node:path";
import type { Provenance, TaskProvenance } from "../../3-tabulate/find-provenance.ts";
import { formatBytes } from "../../4-report/bytes.ts";
import { countOf } from "../../4-report/count.ts";
import { describeRun } from "../../4-report/describe-run.ts";
import { formatDuration } from "../../4-report/duration.ts";
import { hangText } from "../../4-report/hanging-text.ts";
import type { Terminal } from "../command.ts";
import { foldTasks, type FoldedTasks } from "./fold-tasks.ts";

/** The chain under an answer, for people: the files first, then the tasks that led from them to it, then the runs. */
export function provenanceText({ tasks, runs }: Provenance, { paintOut, width }: Terminal): string {
  const entry = (text: string): string => {
    const [first = "", ...rest] = text.split("\n");
    const shown = (part: string, indent: number): string =>
      hangText({ head: " ".repeat(indent), indent: indent + 2, text: part, width });
    return shown(first, 4) + rest.map((part) => paintOut.dim(shown(part, 6))).join("");
  };
  const section = (title: string, entries: readonly string[]): string =>
    entries.length === 0 ? "" : `  ${paintOut.bold(title)}\n${entries.map(entry).join("")}`;
  const files = tasks.flatMap(fileLines);
  return (
    section("Where it comes from: files", files.length === 0 ? ["none: nothing was read from outside"] : files) +
    section("Where it comes from: tasks", foldTasks(tasks).map(taskLines)) +
    section(
      "Where it comes from: runs",
      runs.map((run) => describeRun(run)),
    )
  );
}

function fileLines({ planned, files }: TaskProvenance): readonly string[] {
  return files.map(({ name, digest, bytes, count, origin }) => {
    const what = name === "sources" ? countOf(count, "file") : name;
    const size = bytes === null ? "" : `  ${held(formatBytes(bytes))}`;
    const place = `${basename(origin.file)}:${String(origin.line)}`;
    return `${what} of ${planned.task.label}  ${digest.slice(0, 12)}${size}  (${place})`;
  });
}

function taskLines(folded: FoldedTasks): string {
  const { label, count, version, params, runs, seconds, rows } = folded;
  const many = count === 1 ? "" : `  ${countOf(count, "task")}`;
  const took = seconds > 0 ? `, ${held(formatDuration(seconds))}` : "";
  const made =
    runs.length === 0
      ? "not made yet"
      : `run ${runs.join(", ")}${took}${folded.bySameBytes ? ", found by the bytes of its inputs" : ""}`;
  const makers = rows.map(({ madeBy, run, rows: number }) => {
    return `${countOf(number, "row")} by ${held(madeBy)} in run ${String(run)}`;
  });
  const details = [`version ${String(version)}`, ...params.map(held)].join("  ");
  return [`${label}${many}  (${made})`, details, ...makers].join("\n");
}

/** Words that stay on one line. */
function held(text: string): string {
  return text.replaceAll(" ", "\u00a0");
}
