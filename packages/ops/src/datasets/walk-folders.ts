import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import { OpError } from "../op-error.ts";
import { compareCodeUnits } from "./class-names.ts";
import { errorCode } from "./file-images.ts";
import { isPrintableName } from "./printable-name.ts";

/** What lies in one folder, by names in the order of code units. */
export interface WalkedFolder {
  /** Relative to the root, with `/` between folders; empty for the root itself. */
  readonly folder: string;
  /** Names that the walk was told to take: what they are was not looked at. */
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
 * lead to. Hidden names, those with control characters and what macOS adds to archives are passed over.
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

/** A name in a folder of the walk. Unlike `join`, which takes paths apart and leaves five times as much behind. */
export function placeIn(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
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
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    const name = folder === "" ? `root folder ${root}` : `folder ${folder}`;
    throw new OpError("folder-unreadable", `The ${name} cannot be read (${errorCode(error)}).`, `Check ${path}.`);
  });
  const taken: string[] = [];
  const files: string[] = [];
  const folders: string[] = [];
  for (const entry of entries) {
    const { name } = entry;
    if (takes(name)) taken.push(name);
    else if (isVisible(name)) ((await isFolder(path, entry)) ? folders : files).push(name);
  }
  return {
    folder,
    taken: taken.sort(compareCodeUnits),
    files: files.sort(compareCodeUnits),
    folders: folders.sort(compareCodeUnits),
  };
}

function isVisible(name: string): boolean {
  return !name.startsWith(".") && name !== "__MACOSX" && isPrintableName(name);
}

async function isFolder(path: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  const found = await stat(join(path, entry.name)).catch(() => null);
  return found?.isDirectory() ?? false;
}

function tooMany(root: string): OpError {
  return new OpError(
    "folders-too-many",
    `More than ${String(maxFolders)} folders lie below the root ${root}.`,
    "Name the folder of the data set itself.",
  );
}
