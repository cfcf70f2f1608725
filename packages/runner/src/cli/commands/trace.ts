import { countOf } from "../../4-report/count.ts";
import { hangText } from "../../4-report/hanging-text.ts";
import { traceRun } from "../../4-report/trace/trace-run.ts";
import { chooseRun } from "../choose-run.ts";
import type { CommandDefinition, Terminal } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { writeFile } from "../files.ts";
import { withHistory } from "../with-history.ts";

/** `exp trace [RUN] --out FILE`: what a run did when, for a trace viewer. */
export const traceCommand: CommandDefinition = {
  name: "trace",
  summary: "write what a run did when, for Perfetto or chrome://tracing",
  arguments: [{ name: "run", summary: "its number, `last`, or `last~1` for the one before it", isOptional: true }],
  options: [{ flags: "--out <file>", summary: "where to write (else standard output)" }],
  run: ({ arguments: [wanted = "last"], options }, terminal) =>
    withHistory(options, terminal, (store) => {
      const run = chooseRun(wanted, store);
      const { document, tasks } = traceRun(run, store);
      const text = `${JSON.stringify(document)}\n`;
      const { out } = options.own;
      if (typeof out !== "string") terminal.out(text);
      else {
        writeFile(out, text, terminal.watch);
        terminal.out(options.json ? `${JSON.stringify({ version: 1, files: [out] })}\n` : `${out}\n`);
      }
      if (!options.quiet) sayTasks(`Run ${String(run.run)} of ${run.program}`, tasks, terminal);
      return exitCodes.done;
    }),
};

function sayTasks(run: string, tasks: number, { err, errWidth }: Terminal): void {
  const text =
    tasks === 0
      ? `${run} worked on no task whose time is known: what was stored before it has none.\n`
      : `${run}: ${countOf(tasks, "task")} drawn. Open it in ui.perfetto.dev or chrome://tracing.\n`;
  err(hangText({ head: "", indent: 0, text, width: errWidth }));
}
