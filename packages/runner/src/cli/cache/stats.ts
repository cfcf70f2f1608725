import { join } from "node:path";
import { formatBytes } from "../../4-report/bytes.ts";
import { formatCount } from "../../4-report/count.ts";
import { openMemoryStore } from "../../store/memory/memory-store.ts";
import type { StoreStatistics } from "../../store/store.ts";
import type { CommandCall, Terminal } from "../command.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { environmentError, openToRead } from "../session.ts";
import { findStoreFolder } from "../store-folder.ts";
import { noStoreYet } from "./no-store-yet.ts";

/** `exp cache stats`: what the store holds. */
export function showStatistics({ options }: CommandCall, terminal: Terminal): ExitCode {
  const folder = findStoreFolder(options.store, terminal.workingFolder);
  const found = readStatistics(folder, terminal);
  if (options.json) terminal.out(`${JSON.stringify({ version: 1, ...(found ?? emptyStatistics(folder)) })}\n`);
  else terminal.out(found === null ? noStoreYet(folder) : toText(found));
  return exitCodes.done;
}

/** Null where there is no store yet. */
function readStatistics(folder: string, terminal: Terminal): StoreStatistics | null {
  const store = openToRead(folder, terminal);
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
    (found.shardFiles === 0
      ? ""
      : `  row files  ${formatCount(found.shardFiles)}  ${formatBytes(found.shardFileBytes)}\n`) +
    `  runs       ${formatCount(found.runs)}\n`
  );
}
