import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** What marks the root of a project, so that all of its tables share one store. */
const rootMarks = [".exp", "package.json", ".git"];

/**
 * The store's folder: what the user named, else `.exp` at the nearest ancestor of `from` that has `.exp`,
 * `package.json` or `.git`, else `.exp` in `from` itself.
 */
export function findStoreFolder(named: string | null, from: string): string {
  if (named !== null) return resolve(named);
  const start = resolve(from);
  for (let folder = start; ; folder = dirname(folder)) {
    if (rootMarks.some((mark) => existsSync(join(folder, mark)))) return join(folder, ".exp");
    if (dirname(folder) === folder) return join(start, ".exp");
  }
}
