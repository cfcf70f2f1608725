import type { Store } from "../store/store.ts";
import type { CallOptions, Terminal } from "./command.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { environmentError, openToRead } from "./session.ts";
import { findStoreFolder } from "./store-folder.ts";

/**
 * What commands that ask of past runs have in common: they need the store alone, and no program.
 * @throws CommandError (2) where there is no store yet; (4) where it is unreadable
 */
export async function withHistory<Value>(
  options: CallOptions,
  terminal: Terminal,
  work: (store: Store) => Value | Promise<Value>,
): Promise<Value> {
  const folder = findStoreFolder(options.store, terminal.workingFolder);
  const store = openToRead(folder, terminal);
  if (store === null) {
    throw new CommandError(
      exitCodes.wrong,
      `There is no store at ${folder} yet: nothing was ever run.`,
      "Run a program first, or name the folder of its store with --store.",
    );
  }
  try {
    return await work(store);
  } catch (error) {
    throw environmentError(error);
  } finally {
    store.close();
  }
}
