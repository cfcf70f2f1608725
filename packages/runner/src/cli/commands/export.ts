import type { CommandDefinition } from "../command.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { exportRows } from "../export/export-rows.ts";
import { exportSplits } from "../export/export-splits.ts";
import { createFreePaths } from "../export/free-path.ts";
import { readFeatures, readPredictions } from "../export/stored-rows.ts";
import { storedTasks } from "../export/stored-tasks.ts";
import { writeFile } from "../files.ts";
import { withPlan, type PlannedProgram } from "../with-plan.ts";

/** `exp export features|predictions|splits FILE`: hands what is stored to other programs. */
export const exportCommand: CommandDefinition = {
  name: "export",
  summary: "write stored features, predictions or splits as files",
  arguments: [
    { name: "what", summary: "features, predictions (NumPy archives) or splits (CSV)" },
    { name: "file", summary: "the program" },
  ],
  options: [
    { flags: "--out <folder>", summary: "where to write", default: "exports" },
    {
      flags: "--include-identifiers",
      summary: "add the data set's own ids (file names) to the digests",
    },
    { flags: "--together", summary: "one archive for all splits of a data set, as `features` takes it" },
  ],
  run: ({ arguments: [what = "", file = ""], options }, terminal) => {
    const choice = kinds.find((kind) => kind === what);
    if (choice === undefined) {
      throw new CommandError(
        exitCodes.wrong,
        `\`exp export\` knows "features", "predictions" and "splits", but was given "${what}".`,
      );
    }
    const format = {
      hasIds: options.own["includeIdentifiers"] === true,
      together: options.own["together"] === true,
    };
    const extension = choice === "splits" ? "csv" : "npz";
    const pathOf = createFreePaths(String(options.own["out"]), extension);
    return withPlan({ file, options, terminal }, async (program) => {
      const files: string[] = [];
      for await (const { label, content } of contents[choice](program, file, format)) {
        const path = pathOf(label);
        writeFile(path, content, terminal.watch);
        files.push(path);
        if (!options.json) terminal.out(`${path}\n`);
      }
      if (options.json) terminal.out(`${JSON.stringify({ version: 1, files })}\n`);
      return exitCodes.done;
    });
  },
};

const kinds = ["features", "predictions", "splits"] as const;

interface Format {
  readonly hasIds: boolean;
  readonly together: boolean;
}

interface Content {
  /** What names the file. */
  readonly label: string;
  readonly content: string | Uint8Array;
}

type Contents = (program: PlannedProgram, file: string, format: Format) => AsyncIterable<Content> | Iterable<Content>;

/** One line per kind of export. */
const contents: Readonly<Record<(typeof kinds)[number], Contents>> = {
  features: (program, file, format) => {
    const tasks = storedTasks("features", program, file);
    return exportRows({
      program,
      tasks,
      read: (task) => readFeatures(task, program.plan.tasks, program.store),
      ...format,
    });
  },
  predictions: (program, file, format) => {
    const tasks = storedTasks("predictions", program, file);
    return exportRows({
      ...{ program, tasks, ...format },
      read: (task) => readPredictions(task, program.plan.tasks, program.store),
    });
  },
  splits: (program, file, { hasIds }) =>
    exportSplits({ tasks: storedTasks("examples", program, file), store: program.store, hasIds }),
};
