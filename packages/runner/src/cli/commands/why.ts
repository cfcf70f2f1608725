import { explainTask } from "../../1-plan/explain.ts";
import { findChoice } from "../../1-plan/find-choice.ts";
import { findProvenance } from "../../3-tabulate/find-provenance.ts";
import type { CommandDefinition } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { programName } from "../session.ts";
import { chooseTasks } from "../why/choose-tasks.ts";
import { explainedJson } from "../why/explained-json.ts";
import { explainedText } from "../why/explained-text.ts";
import { withPlan } from "../with-plan.ts";

/** `exp why FILE TASK-OR-CELL`: why it ran, or would run, or did not, and where it comes from. */
export const whyCommand: CommandDefinition = {
  name: "why",
  summary: "say why a task or cell ran, would run, or did not, and where it comes from",
  arguments: [
    { name: "file", summary: "the program" },
    { name: "what", summary: "a task's id, words of its label, or a cell's row and column", isMany: true },
  ],
  options: [],
  run: ({ arguments: [file = "", ...words], options }, terminal) =>
    withPlan({ file, options, terminal }, ({ graph, plan, store, storeFolder, hasStore }) => {
      const byId = new Map(plan.tasks.map((planned) => [planned.task.id, planned]));
      const program = programName(file);
      const explained = chooseTasks(words.join(" "), graph, byId).map((planned) => ({
        planned,
        explanation: explainTask(planned, byId, store, program),
        choice: findChoice(planned, byId, store),
        provenance: findProvenance(planned, byId, store),
      }));
      if (options.json) terminal.out(`${JSON.stringify({ version: 1, tasks: explained.map(explainedJson) })}\n`);
      else {
        const never = hasStore
          ? `Nothing of this name was asked by ${program} before in this store.`
          : `There is no store at ${storeFolder} yet: nothing was ever asked.`;
        terminal.out(explained.map((entry) => explainedText(entry, never, terminal)).join("\n"));
      }
      return exitCodes.done;
    }),
};
