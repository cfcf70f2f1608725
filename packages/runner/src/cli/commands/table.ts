import type { TableSpec } from "@exp-lab/dsl";
import { formatTable, isTableFormat, problemOfFormat, tableFormatNames } from "../../3-tabulate/formats/formats.ts";
import { answersOfPlan } from "../../3-tabulate/read-scores.ts";
import { createAnswerReader } from "../../3-tabulate/answer-reader.ts";
import { createProviderNotes } from "../../3-tabulate/provider-notes.ts";
import { pendingNotes } from "../../3-tabulate/pending-notes.ts";
import { tabulate } from "../../3-tabulate/tabulate.ts";
import { hangText } from "../../4-report/hanging-text.ts";
import type { CommandDefinition } from "../command.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { tableOptions } from "../table-options.ts";
import { isRemembered } from "../weights/fetch-needed.ts";
import { absentWeights, programWeights, sayAbsent } from "../weights/program-weights.ts";
import { withPlan } from "../with-plan.ts";

/** `exp table FILE [NAME] --format ...`: tables from what is stored; runs nothing. */
export const tableCommand: CommandDefinition = {
  name: "table",
  summary: "print the tables from what is stored; runs nothing",
  arguments: [
    { name: "file", summary: "the program" },
    { name: "name", summary: "one table, by its title or the beginning of it", isOptional: true },
  ],
  options: [{ flags: "--format <name>", summary: "one of", choices: tableFormatNames, default: "text" }],
  run: ({ arguments: [file = "", name], options }, terminal) =>
    withPlan({ file, options, terminal }, async ({ graph, plan, store, storeFolder, hasStore }) => {
      const format = options.json ? "json" : String(options.own["format"]);
      if (!isTableFormat(format)) throw new CommandError(exitCodes.wrong, `There is no table format "${format}".`);
      const named = chooseTables(graph.tables, name);
      const chosen = format === "svg" ? drawable(named) : named;
      if ((format === "csv" || format === "svg") && chosen.length > 1) throw oneTableOnly(chosen, format);
      if (!hasStore && !options.quiet) {
        const text = `There is no store at ${storeFolder} yet: \`exp run\` makes it, and fills what is open here.\n`;
        terminal.err(hangText({ head: "", indent: 0, text, width: terminal.errWidth }));
      }
      if (!options.quiet) {
        // Without their digests it cannot be told which of the stored answers are theirs.
        const absent = await absentWeights(programWeights(graph.tasks));
        const unknown = absent.filter((weights) => !isRemembered(weights, store));
        for (const text of sayAbsent(unknown, file))
          terminal.err(hangText({ head: "", indent: 0, text, width: terminal.errWidth }));
      }
      const read = createAnswerReader(store);
      const stored = new Map(plan.tasks.map(({ task, answer }) => [task.id, answer?.artifact ?? null]));
      const notesOf = createProviderNotes({ tasks: plan.tasks, artifactOf: (id) => stored.get(id) ?? null, store });
      const texts = chosen.map((spec) => {
        const { scores, findings } = answersOfPlan(spec, plan, read);
        const found = tabulate(spec, scores, { ...findings, notes: notesOf(spec) });
        const table = { ...found, notes: [...found.notes, ...pendingNotes(spec, found, findings)] };
        const problem = problemOfFormat(table, format);
        // A ranking that is planned only waits for its answer.
        const hint =
          spec.ranking === undefined || table.ranking !== undefined ? null : `\`exp run ${file}\` works it out.`;
        if (problem !== null) throw new CommandError(exitCodes.wrong, problem, hint);
        return formatTable(table, format, tableOptions(terminal));
      });
      // Each JSON document is a line, so that several are JSON lines.
      terminal.out(texts.join(format === "json" ? "" : "\n"));
      return exitCodes.done;
    }),
};

function chooseTables(tables: readonly TableSpec[], name: string | undefined): readonly TableSpec[] {
  if (name === undefined) return tables;
  const exact = tables.filter(({ title }) => title === name);
  const chosen =
    exact.length > 0 ? exact : tables.filter(({ title }) => title.toLowerCase().startsWith(name.toLowerCase()));
  if (chosen.length > 0) return chosen;
  const known = tables.length === 0 ? "The program has none." : `The program has:\n${titles(tables)}`;
  throw new CommandError(exitCodes.wrong, `There is no table "${name}". ${known}`);
}

/** The tables with a ranking; without any the first, to say of it why there is nothing to draw. */
function drawable(tables: readonly TableSpec[]): readonly TableSpec[] {
  const ranked = tables.filter(({ ranking }) => ranking !== undefined);
  return ranked.length > 0 ? ranked : tables.slice(0, 1);
}

/** A CSV file has one heading line, and the tables of a program have different columns; an SVG document is one picture. */
function oneTableOnly(tables: readonly TableSpec[], format: "csv" | "svg"): CommandError {
  return new CommandError(
    exitCodes.wrong,
    `${format.toUpperCase()} holds one table, but ${String(tables.length)} are meant:\n${titles(tables)}`,
    `Name one of them: exp table FILE "TITLE" --format ${format}`,
  );
}

function titles(tables: readonly TableSpec[]): string {
  return tables.map(({ title }) => `  ${title}`).join("\n");
}
