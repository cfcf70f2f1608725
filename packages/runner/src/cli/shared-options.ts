import type { CallOptions, CommandOption, Device } from "./command.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";

const devices: readonly Device[] = ["auto", "cpu", "cuda", "webgpu"];

/** The options that mean the same everywhere; they may stand before the command's name too. */
export const sharedOptions: readonly CommandOption[] = [
  { flags: "--json", summary: "print JSON for programs" },
  { flags: "--store <folder>", summary: "where answers are kept (else EXP_STORE or .exp)" },
  { flags: "--set <name=value>", summary: "give a param its value; may be repeated", isMany: true },
  { flags: "--device <name>", summary: "backbones run on", choices: devices, default: "auto" },
  { flags: "--jobs <count>", summary: "tasks that may run at once", default: "1" },
  { flags: "--no-tui", summary: "plain lines instead of a live screen" },
  { flags: "--quiet", summary: "say only what is needed" },
  { flags: "--verbose", summary: "say everything" },
];

/** What commander found, with the environment's part filled in. @throws CommandError (2) for a value that cannot be */
export function readOptions(
  given: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
): CallOptions {
  const { json, store, set, device, jobs, tui, quiet, verbose, ...own } = given;
  return {
    json: json === true,
    store: readStore(store, environment["EXP_STORE"]),
    set: readSettings(Array.isArray(set) ? set : []),
    device: devices.find((name) => name === device) ?? "auto",
    jobs: readJobs(jobs),
    tui: tui !== false,
    quiet: quiet === true,
    verbose: verbose === true,
    own,
  };
}

/** An empty EXP_STORE counts as unset; an empty --store is a mistake, since it would mean the working folder. */
function readStore(given: unknown, fromEnvironment: string | undefined): string | null {
  if (given === "") throw new CommandError(exitCodes.wrong, "--store takes a folder, but was given an empty text.");
  if (typeof given === "string") return given;
  return fromEnvironment === undefined || fromEnvironment === "" ? null : fromEnvironment;
}

function readSettings(given: readonly unknown[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((text) => {
      const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(String(text)) ?? [];
      if (name === undefined || value === undefined) {
        throw new CommandError(
          exitCodes.wrong,
          `--set takes name=value, but was given "${String(text)}".`,
          "For example: --set data=./images",
        );
      }
      return [name, value];
    }),
  );
}

const mostJobs = 64;

function readJobs(given: unknown): number {
  const jobs = Number(given);
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= mostJobs) return jobs;
  throw new CommandError(
    exitCodes.wrong,
    `--jobs takes a whole number from 1 to ${String(mostJobs)}, but was given "${String(given)}".`,
  );
}
