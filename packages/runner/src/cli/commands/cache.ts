import { join } from "node:path";
import { formatBytes } from "../../4-report/bytes.ts";
import { formatCount } from "../../4-report/count.ts";
import { openMemoryStore } from "../../store/memory/memory-store.ts";
import type { StoreStatistics } from "../../store/store.ts";
import type { CommandDefinition } from "../command.ts";
import { keptForLater } from "../command-line.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { environmentError, openExistingStore } from "../session.ts";
import { findStoreFolder } from "../store-folder.ts";

/** Actions of the contract that this version does not have. */
const keptActions = ["verify", "gc"];

/** `exp cache stats`: what the store holds. */
export const cacheCommand: CommandDefinition = {
  name: "cache",
  summary: "say what the store holds: `exp cache stats`",
  arguments: [{ name: "action", summary: "stats" }],
  options: [],
  run: ({ arguments: [action = ""], options }, terminal) => {
    if (keptActions.includes(action)) throw keptForLater(`exp cache ${action}`);
    if (action !== "stats") {
      throw new CommandError(
        exitCodes.wrong,
        `\`exp cache\` knows "stats", but was given "${action}".`,
        "Write `exp cache stats`.",
      );
    }
    const folder = findStoreFolder(options.store, terminal.workingFolder);
    const found = readStatistics(folder);
    if (options.json) terminal.out(`${JSON.stringify({ version: 1, ...(found ?? emptyStatistics(folder)) })}\n`);
    else terminal.out(found === null ? `There is no store at ${folder} yet: the first run makes it.\n` : toText(found));
    return Promise.resolve(exitCodes.done);
  },
};

/** Null where there is no store yet. */
function readStatistics(folder: string): StoreStatistics | null {
  const store = openExistingStore(folder);
  try {
    return store?.statistics() ?? null;
  } catch (error) {
    throw environmentError(error);
  } finally {
    store?.close();
  }
}

function emptyStatistics(folder: string): StoreStatistics {
  return { ...openMemoryStore().statistics(), path: join(folder, "store.sqlite") };
}

function toText(found: StoreStatistics): string {
  return (
    `${found.path}  ${formatBytes(found.fileBytes)}\n` +
    `  answers    ${formatCount(found.answers)}\n` +
    `  artifacts  ${formatCount(found.artifacts)}  ${formatBytes(found.artifactBytes)}\n` +
    `  rows       ${formatCount(found.rows)}  ${formatBytes(found.rowBytes)}\n` +
    `  runs       ${formatCount(found.runs)}\n`
  );
}
