import { fileSystemOf, type FileSystem } from "../store/network/file-system.ts";
import type { OpenStoreOptions } from "../store/sqlite/open-store.ts";
import { readSize } from "./cache/limits.ts";
import type { Terminal } from "./command.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";

/**
 * How the environment wants a store to be kept: `EXP_SHARD_BUDGET=8GB`, `EXP_STORE_FILESYSTEM=local` (or `network`).
 * @throws CommandError (2)
 */
export function readStoreSettings({ environment, watch }: Pick<Terminal, "environment" | "watch">): OpenStoreOptions {
  const budget = environment["EXP_SHARD_BUDGET"] ?? "";
  const fileSystem = readFileSystem(environment["EXP_STORE_FILESYSTEM"] ?? "");
  return {
    watch,
    ...(budget === "" ? {} : { shardBudget: readSize(budget, "EXP_SHARD_BUDGET") }),
    ...(fileSystem === null ? {} : { fileSystem }),
  };
}

function readFileSystem(wanted: string): FileSystem | null {
  switch (wanted) {
    case "":
      return null;
    case "local":
      return { isNetwork: false, name: null };
    case "network":
      return { isNetwork: true, name: null };
    default:
      throw new CommandError(
        exitCodes.wrong,
        `EXP_STORE_FILESYSTEM is "${wanted}".`,
        "Write local or network, or leave it unset: then the system is asked.",
      );
  }
}

/** What is to be known of a store on a network file system; null for a local one. */
export function networkNote(folder: string, terminal: Pick<Terminal, "environment" | "watch">): string | null {
  const { isNetwork, name } = readStoreSettings(terminal).fileSystem ?? fileSystemOf(folder);
  if (!isNetwork) return null;
  return `The store ${folder} lies on a network file system${name === null ? "" : ` (${name})`}: one run at a time may write to it.`;
}
