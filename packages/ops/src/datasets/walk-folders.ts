import { join, posix } from "node:path";
import { OpError } from "../op-error.ts";
import { compareCodeUnits } from "./class-names.ts";
import { isHidden, isOther, kindOf, readEntries } from "./folder-entries.ts";
import { isPrintableName } from "./printable-name.ts";

/** What lies in one folder, by names in the order of code units. */
export interface WalkedFolder {
  /** Relative to the root, with `/` between folders; empty for the root itself. */
  readonly folder: string;
  /** Names that the walk was told to take: whether they are files, folders or links was not looked at. */
  readonly taken: readonly string[];
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

export interface WalkOptions {
  /** How many folders lie between the root and the deepest file that is found. */
  readonly depth: number;
  readonly takes: (name: string) => boolean;
}

/** A data set's root leads to few folders, patients' own aside; more than this is another place. */
const maxFolders = 5000;

/**
 * Every folder from the root down, in the order of their names, each read once and no file touched. Links count as what they
 * lead to. Hidden names, those with control characters, what macOS adds to archives, pipes, sockets and devices are passed over.
 * @throws OpError `folder-unreadable`, `folders-too-many`
 */
export async function walkFolders(root: string, options: WalkOptions): Promise<readonly WalkedFolder[]> {
  const walked: WalkedFolder[] = [];
  const pending = [{ folder: "", depth: options.depth }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const found = await readFolder(root, next.folder, options.takes);
    walked.push(found);
    if (walked.length + pending.length > maxFolders) throw tooMany(root);
    if (next.depth === 0) continue;
    for (const name of found.folders) {
      pending.push({ folder: posix.join(next.folder, name), depth: next.depth - 1 });
    }
  }
  return walked.sort((a, b) => compareCodeUnits(a.folder, b.folder));
}

/** `Data/, list.csv and 3 more`: what lies in the root, for messages about what does not. */
export function describeRoot(walked: readonly WalkedFolder[]): string {
  const root = walked.find(({ folder }) => folder === "");
  const names = [...(root?.folders ?? []).map((name) => `${name}/`), ...(root?.files ?? []), ...(root?.taken ?? [])];
  if (names.length === 0) return "nothing";
  const more = names.length - shownNames;
  return `${names.slice(0, shownNames).join(", ")}${more > 0 ? ` and ${String(more)} more` : ""}`;
}

const shownNames = 8;

async function readFolder(root: string, folder: string, takes: WalkOptions["takes"]): Promise<WalkedFolder> {
  const path = join(root, folder);
  const taken: string[] = [];
  const files: string[] = [];
  const folders: string[] = [];
  for (const entry of await readEntries(root, folder)) {
    const { name } = entry;
    if (isOther(entry)) continue;
    if (takes(name)) taken.push(name);
    else if (!isHidden(name) && isPrintableName(name)) {
      const kind = await kindOf(path, entry);
      // A dead link is found out by whoever wants to read it.
      if (kind !== "other") (kind === "folder" ? folders : files).push(name);
    }
  }
  return {
    folder,
    taken: taken.sort(compareCodeUnits),
    files: files.sort(compareCodeUnits),
    folders: folders.sort(compareCodeUnits),
  };
}

function tooMany(root: string): OpError {
  return new OpError(
    "folders-too-many",
    `More than ${String(maxFolders)} folders lie below the root ${root}.`,
    "Name the folder of the data set itself.",
  );
}
