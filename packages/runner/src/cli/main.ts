import { CommanderError } from "commander";
import { hangText } from "../4-report/hanging-text.ts";
import type { Terminal } from "./command.ts";
import { createCommandLine } from "./command-line.ts";
import { commands, keptNames } from "./commands.ts";
import { CommandError, exitCodes, type ExitCode } from "./exit-codes.ts";
import { packageVersion } from "./session.ts";
import { processTerminal } from "./terminal.ts";

/** `exp`: the composition root. Gives the exit code; prints results on standard output, everything else on standard error. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const terminal = processTerminal();
  try {
    return await dispatch(argv, terminal);
  } catch (error) {
    return report(error, argv, terminal);
  }
}

async function dispatch(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done;
  const commandLine = createCommandLine({
    version: packageVersion("@exp-lab/runner") ?? "unknown",
    commands,
    keptNames,
    terminal,
    onCall: async (definition, call) => {
      exitCode = await definition.run(call, terminal);
    },
  });
  if (argv.length === 0) commandLine.help({ error: true });
  await commandLine.parseAsync(argv, { from: "user" });
  return exitCode;
}

/** What cannot go on ends here: with the contract's code, in words for whoever can do something about it. */
function report(error: unknown, argv: readonly string[], { err, errWidth, paintErr }: Terminal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrong;
  if (error instanceof CommandError) {
    const text = `error: ${error.message}${error.hint === null ? "" : `\n  ${error.hint}`}`;
    err(hangText({ head: "", indent: 0, text, width: errWidth }).replace("error", paintErr.bad("error")));
    return error.exitCode;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  err(
    `${paintErr.bad("bug")}: exp ${argv.join(" ")}\n${text}\n` +
      "This is our fault, not yours. What was finished is stored. Please report it.\n",
  );
  return exitCodes.bug;
}
