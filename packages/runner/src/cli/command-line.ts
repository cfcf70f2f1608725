import { Command, Option } from "commander";
import type { CommandCall, CommandDefinition, CommandOption, Terminal } from "./command.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { sharedOptions, readOptions } from "./shared-options.ts";

export interface CommandLineOptions {
  readonly version: string;
  readonly commands: readonly CommandDefinition[];
  /** Names of commands that a later version will have. */
  readonly keptNames: readonly string[];
  readonly terminal: Terminal;
  /** Called with the command that was written. */
  readonly onCall: (definition: CommandDefinition, call: CommandCall) => Promise<void>;
}

/** Reads `exp ...`: every command with its options, the shared ones wherever they stand, and the help. */
export function createCommandLine({ version, commands, keptNames, terminal, onCall }: CommandLineOptions): Command {
  const { bold } = terminal.paintOut;
  const program = new Command("exp")
    .usage("<command> [options]")
    .description("Compare medical-imaging foundation models: one declarative file per table.")
    .version(version, "--version", "print the version")
    .helpOption("--help", "print this help; after a command, that command's")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => bold(title.replace("Global Options", "Options of every command")),
      subcommandTerm,
      optionDescription,
    })
    .showSuggestionAfterError()
    .addHelpText("after", `\n${afterHelp(bold)}`);
  for (const option of sharedOptions) program.addOption(toOption(option));
  for (const definition of commands) addCommand(program, definition, { terminal, onCall });
  for (const name of keptNames) addKeptName(program, name);
  return program;
}

function addCommand(
  program: Command,
  definition: CommandDefinition,
  { terminal, onCall }: Pick<CommandLineOptions, "terminal" | "onCall">,
): void {
  const command = program.command(definition.name).description(definition.summary);
  command.helpOption("--help", "print this help");
  for (const { name, summary, isOptional, isMany } of definition.arguments) {
    const shown = isMany === true ? `${name}...` : name;
    command.argument(isOptional === true ? `[${shown}]` : `<${shown}>`, summary);
  }
  for (const option of definition.options) command.addOption(toOption(option));
  command.action(async (...given: readonly unknown[]) => {
    refuseKeptOptions(definition, command);
    const values = given.slice(0, definition.arguments.length).flat();
    await onCall(definition, {
      arguments: values.filter((value): value is string => typeof value === "string"),
      options: readOptions(command.optsWithGlobals(), terminal.environment),
    });
  });
}

function toOption({ flags, summary, default: value, choices, isMany, isKept }: CommandOption): Option {
  const option = new Option(flags, summary);
  if (choices !== undefined) option.choices([...choices]);
  if (value !== undefined) option.default(value);
  if (isKept === true) option.hideHelp();
  if (isMany === true) {
    option.argParser((next: string, before: readonly string[] | undefined) => [...(before ?? []), next]);
  }
  return option;
}

function addKeptName(program: Command, name: string): void {
  program
    .command(name, { hidden: true })
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw keptForLater(`exp ${name}`);
    });
}

function refuseKeptOptions({ name, options }: CommandDefinition, command: Command): void {
  for (const { flags } of options.filter(({ isKept }) => isKept === true)) {
    const option = new Option(flags);
    if (command.getOptionValue(option.attributeName()) !== undefined) {
      throw keptForLater(`exp ${name} ${option.long ?? flags}`);
    }
  }
}

/** The answer to a name of the command line's contract that this version does not have. */
export function keptForLater(written: string): CommandError {
  return new CommandError(
    exitCodes.wrong,
    `\`${written}\` is a name kept for a later version; this one does not have it.`,
  );
}

function subcommandTerm(command: Command): string {
  const names = command.registeredArguments.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name();
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...names].join(" ");
}

function optionDescription({ description, argChoices, defaultValue, negate }: Option): string {
  const standard = typeof defaultValue === "string" && !negate ? defaultValue : undefined;
  if (argChoices !== undefined) {
    const choices = argChoices.map((choice) => (choice === standard ? `${choice} (default)` : choice));
    return `${description}: ${choices.join(", ")}`;
  }
  return standard === undefined ? description : `${description} (default ${standard})`;
}

function afterHelp(bold: (text: string) => string): string {
  return `${bold("Example:")}
  exp run experiments/quickstart.exp

${bold("Exit codes:")}
  0    done
  1    tasks failed; \`fmt --check\`, \`lock --check\`, \`cache verify\` or
       \`data check\` found something
  2    the program or the command line is wrong
  3    \`plan --detailed-exitcode\`, and there is work to do
  4    the environment lacks something: a device, disk space, a writable store
  70   a bug of ours
  130  interrupted
`;
}
