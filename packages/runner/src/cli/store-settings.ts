import type { OpenStoreOptions } from "../store/sqlite/open-store.ts";
import { readSize } from "./cache/limits.ts";
import type { Terminal } from "./command.ts";

/** How the environment wants a store to be kept: `EXP_SHARD_BUDGET=8GB`. @throws CommandError (2) */
export function readStoreSettings({ environment, watch }: Pick<Terminal, "environment" | "watch">): OpenStoreOptions {
  const budget = environment["EXP_SHARD_BUDGET"];
  return {
    watch,
    ...(budget === undefined || budget === "" ? {} : { shardBudget: readSize(budget, "EXP_SHARD_BUDGET") }),
  };
}
