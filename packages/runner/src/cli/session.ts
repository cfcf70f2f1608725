import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { builtinOps, libraryNames, OpError, type Op } from "@exp-lab/ops";
import { openStore } from "../store/sqlite/open-store.ts";
import { StoreError, type Store } from "../store/store.ts";
import type { Terminal } from "./command.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { readStoreSettings } from "./store-settings.ts";

type StoreSurroundings = Pick<Terminal, "watch" | "environment">;

/** The ops of this build by name. */
export function opsByName(): ReadonlyMap<string, Op> {
  return new Map(builtinOps.map((op) => [op.signature.name, op]));
}

/** Opens the store of a folder, which is made where it is missing: for commands that store something. @throws CommandError (4) */
export function openOrMakeStore(folder: string, terminal: StoreSurroundings, isReader = false): Store {
  const settings = readStoreSettings(terminal);
  try {
    return openStore(folder, { ...settings, isReader });
  } catch (error) {
    throw environmentError(error);
  }
}

/** Opens the store of a folder to read it; null where it holds none, and none is made. @throws CommandError (4) */
export function openToRead(folder: string, terminal: StoreSurroundings): Store | null {
  return hasStore(folder) ? openOrMakeStore(folder, terminal, true) : null;
}

/** The same, to change what is in it. @throws CommandError (4) */
export function openToChange(folder: string, terminal: StoreSurroundings): Store | null {
  return hasStore(folder) ? openOrMakeStore(folder, terminal) : null;
}

function hasStore(folder: string): boolean {
  return existsSync(join(folder, "store.sqlite"));
}

/** What the store says about the disk or its file becomes the contract's exit code 4. */
export function environmentError(error: unknown): unknown {
  return error instanceof StoreError ? new CommandError(exitCodes.environment, error.message, error.hint) : error;
}

/** A file that is not there is the program's mistake, known before anything runs. */
export function wrongInput(error: unknown): unknown {
  return error instanceof OpError
    ? new CommandError(exitCodes.wrong, error.message, error.hint)
    : environmentError(error);
}

/** The name by which the store knows a program: its file's, without folders. */
export function programName(file: string): string {
  return basename(file);
}

/** Versions of the packages that can change an answer, read without loading them. */
export function libraryVersions(): Readonly<Record<string, string>> {
  return Object.fromEntries(libraryNames.map((name) => [name, packageVersion(name) ?? "absent"]));
}

/** The version of an installed package; null where it is not installed. */
export function packageVersion(name: string): string | null {
  const require = createRequire(new URL("../../../ops/package.json", import.meta.url));
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      const text = readFileSync(`${folder}/${name}/package.json`, "utf8");
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      // Not in this folder: the next one up may hold it.
    }
  }
  return null;
}
