import { compareRuns } from "../../3-tabulate/compare/compare-runs.ts";
import { chooseRun } from "../choose-run.ts";
import type { CommandDefinition } from "../command.ts";
import { comparisonJson } from "../diff/comparison-json.ts";
import { comparisonText } from "../diff/comparison-text.ts";
import { exitCodes } from "../exit-codes.ts";
import { withHistory } from "../with-history.ts";

/** `exp diff RUN RUN`: how two runs differ, from what is stored alone. */
export const diffCommand: CommandDefinition = {
  name: "diff",
  summary: "say how two runs differ: tasks, questions, scores, and what they were computed with",
  arguments: [
    { name: "before", summary: "a run's number, `last`, or `last~1` for the one before it" },
    { name: "now", summary: "the run that it is compared with" },
  ],
  options: [],
  run: ({ arguments: [before = "", now = ""], options }, terminal) =>
    withHistory(options, terminal, (store) => {
      const comparison = compareRuns(chooseRun(before, store), chooseRun(now, store), store);
      if (options.json) terminal.out(`${JSON.stringify(comparisonJson(comparison))}\n`);
      else terminal.out(comparisonText(comparison, terminal));
      return exitCodes.done;
    }),
};
