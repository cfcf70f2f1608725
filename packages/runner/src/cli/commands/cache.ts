import { collectCache } from "../cache/gc.ts";
import { showStatistics } from "../cache/stats.ts";
import { verifyCache } from "../cache/verify.ts";
import type { CommandCall, CommandDefinition, Terminal } from "../command.ts";
import { CommandError, exitCodes, type ExitCode } from "../exit-codes.ts";

/** `exp cache stats|verify|gc`: what the store holds, whether it is whole, and what of it is still wanted. */
export const cacheCommand: CommandDefinition = {
  name: "cache",
  summary: "look after the store: `exp cache stats`, `verify` or `gc`",
  arguments: [
    { name: "action", summary: "stats, verify or gc" },
    { name: "file", summary: "gc: the programs whose answers are kept", isOptional: true, isMany: true },
  ],
  options: [
    { flags: "--older-than <age>", summary: "gc: only what was last used before that, e.g. 30d" },
    { flags: "--max-size <size>", summary: "gc: only until the store fits, e.g. 20GB" },
    { flags: "--yes", summary: "gc: remove it; without, gc says what it would remove" },
  ],
  run: async ({ arguments: [name = "", ...files], options }, terminal) => {
    const action = actions.get(name);
    if (action === undefined) {
      throw new CommandError(
        exitCodes.wrong,
        `\`exp cache\` knows "stats", "verify" and "gc", but was given "${name}".`,
        "Write `exp cache stats`.",
      );
    }
    const call = { arguments: files, options };
    if (name !== "gc") refuseWhatIsForCollecting(name, call);
    return action(call, terminal);
  },
};

/** What an action is called with, after its own name. */
type Action = (call: CommandCall, terminal: Terminal) => ExitCode | Promise<ExitCode>;

const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ["stats", showStatistics],
  ["verify", verifyCache],
  ["gc", collectCache],
]);

function refuseWhatIsForCollecting(name: string, { arguments: files, options: { own } }: CommandCall): void {
  const given = ["olderThan", "maxSize", "yes"].some((option) => own[option] !== undefined);
  if (files.length === 0 && !given) return;
  throw new CommandError(
    exitCodes.wrong,
    `\`exp cache ${name}\` takes no file and none of --older-than, --max-size and --yes: they are \`exp cache gc\`'s.`,
  );
}
