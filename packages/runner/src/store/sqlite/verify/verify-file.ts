import type { TableContext } from "../table-context.ts";
import { damagedStore, isCorruption } from "../store-errors.ts";

/**
 * SQLite's own check of its file: pages, trees, indexes; the first thing wrong in words, null where all is well. One call
 * that reads the whole file: the one part of a verification that cannot be cut into slices.
 */
export function findFileDamage({ connection }: Pick<TableContext, "connection">): string | null {
  try {
    const found = connection.pragma("integrity_check(1)", { simple: true });
    return found === "ok" ? null : String(found).split("\n").join(" ");
  } catch (error) {
    if (isCorruption(error) && error instanceof Error) return error.message;
    throw error;
  }
}

/**
 * Makes the indexes anew from the tables, which is all that can be mended in a file.
 * @throws StoreError `store-damaged` where that was not what was wrong
 */
export function mendFile(context: TableContext, path: string, damage: string): void {
  try {
    context.write("make indexes anew", () => context.connection.exec("reindex"));
  } catch (error) {
    if (!isCorruption(error)) throw error;
    throw damagedStore(path, damage);
  }
  const left = findFileDamage(context);
  if (left !== null) throw damagedStore(path, left);
}
