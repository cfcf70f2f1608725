import type { CommandCall, CommandDefinition, Terminal } from "../command.ts";
import { checkDatasets } from "../data/check-datasets.ts";
import { checkedJson } from "../data/checked-json.ts";
import { checkedText } from "../data/checked-text.ts";
import { findDatasets } from "../data/find-datasets.ts";
import { CommandError, exitCodes, type ExitCode } from "../exit-codes.ts";
import { stopOnInterrupt } from "../interrupts.ts";
import { loadProgram, sayNotes } from "../load-program.ts";

/** `exp data check FILE`: what the program's data sets hold, and what of it a run would trip over. */
export const dataCommand: CommandDefinition = {
  name: "data",
  summary: "read every image of a program's data sets: counts, what is missing, unreadable or in two splits",
  arguments: [
    { name: "action", summary: "check" },
    { name: "file", summary: "the program" },
  ],
  options: [],
  run: async ({ arguments: [action = "", file = ""], options }, terminal) => {
    if (action !== "check") {
      throw new CommandError(
        exitCodes.wrong,
        `\`exp data\` knows "check", but was given "${action}".`,
        "Write `exp data check FILE`.",
      );
    }
    return check(file, options, terminal);
  },
};

function nothingToCheck(file: string, wrong: readonly string[]): CommandError {
  if (wrong.length > 0) return new CommandError(exitCodes.wrong, `${file}: ${wrong.join(" ")}`);
  const hint = "Declare one, e.g. `dataset mine = image_folder { root: ... }`.";
  return new CommandError(exitCodes.wrong, `${file} declares no data set.`, hint);
}

async function check(file: string, options: CommandCall["options"], terminal: Terminal): Promise<ExitCode> {
  const wrong: string[] = [];
  const datasets = findDatasets(loadProgram(file, options, terminal), options, terminal, (name, reason) => {
    wrong.push(`${name} is not checked: ${reason}.`);
  });
  if (datasets.length === 0) throw nothingToCheck(file, wrong);
  sayNotes(wrong, terminal);
  const interrupts = stopOnInterrupt();
  try {
    const checked = await checkDatasets(datasets, { signal: interrupts.signal, options, terminal });
    if (checked === null) return exitCodes.interrupted;
    if (options.json) terminal.out(checkedJson(checked));
    else terminal.out(checked.map((each) => checkedText(each, options, terminal)).join("\n"));
    return checked.every(({ isFine }) => isFine) ? exitCodes.done : exitCodes.failed;
  } finally {
    interrupts.release();
  }
}
