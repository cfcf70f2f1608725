import type { Dirent } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { OpError } from "../op-error.ts";
import { compareCodeUnits } from "./class-names.ts";
import { isHidden, lookAtEntry, placeIn, unreadableFolder } from "./folder-entries.ts";

/** What lies below a folder, at any depth: names relative to it, with `/` between folders, sorted by code unit. */
export interface FilesBelow {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/** How much a data set's root may hold. */
export interface ListingLimits {
  readonly folders: number;
  readonly files: number;
}

/** An archive's export of some years has as much; more is another place, such as a whole disk. */
const usualLimits: ListingLimits = { folders: 200_000, files: 5_000_000 };

/**
 * Every visible file below a root, and every folder. Links count as what they lead to; a folder that links lead to twice is
 * listed once. No message says where the root is on this machine.
 * @param onProblem called with what can be passed over where the folder is only looked at, `folder-twice` among it
 * @throws OpError `folder-unreadable`, `folders-too-many`, or `folder-loop` where a link leads back to a folder that it lies in
 */
export async function listFilesBelow(
  root: string,
  onProblem: (problem: OpError) => void,
  limits: ListingLimits = usualLimits,
): Promise<FilesBelow> {
  const folders: string[] = [];
  const files: string[] = [];
  /** Every folder's name by where it really lies. */
  const listed = new Map<string, string>();
  const visit = async (folder: string, around: readonly string[]): Promise<void> => {
    listed.set(around.at(-1)!, folder);
    for (const entry of await readFolder(root, folder)) {
      if (isHidden(entry.name)) continue;
      const kind = await lookAtEntry(root, folder, entry);
      const name = placeIn(folder, entry.name);
      if (kind === "file") files.push(name);
      else if (kind === "folder") {
        const place = await placeOf(root, name, around, entry);
        const earlier = listed.get(place);
        if (earlier !== undefined) {
          onProblem(twiceThere(earlier, name));
          continue;
        }
        folders.push(name);
        await visit(name, [...around, place]);
      } else onProblem(kind);
      if (folders.length > limits.folders || files.length > limits.files) throw tooMany(limits);
    }
  };
  await visit("", [await realpath(root).catch((error: unknown) => Promise.reject(unreadable("", error)))]);
  return { folders: folders.sort(compareCodeUnits), files: files.sort(compareCodeUnits) };
}

/** In an order that no disk decides: links last, so that what they lead to is listed by its own name. */
async function readFolder(root: string, folder: string): Promise<readonly Dirent[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) =>
    Promise.reject(unreadable(folder, error)),
  );
  const isLink = (entry: Dirent): number => Number(entry.isSymbolicLink());
  return entries.sort((a, b) => isLink(a) - isLink(b) || compareCodeUnits(a.name, b.name));
}

/** Where a folder really lies. @param around where those lie that it is in */
async function placeOf(root: string, name: string, around: readonly string[], entry: Dirent): Promise<string> {
  if (!entry.isSymbolicLink()) return join(around.at(-1)!, entry.name);
  const place = await realpath(join(root, name));
  if (!around.includes(place)) return place;
  const hint = "Remove the link: all files below it would be listed again and again.";
  throw new OpError("folder-loop", `The link ${name} leads back to a folder that it lies in.`, hint);
}

function twiceThere(earlier: string, name: string): OpError {
  return new OpError(
    "folder-twice",
    `${earlier === "" ? "The root folder" : earlier} and ${name} are one folder, by a link.`,
    "Remove the link: each image below would be there twice.",
  );
}

function tooMany({ folders, files }: ListingLimits): OpError {
  return new OpError(
    "folders-too-many",
    `More than ${String(folders)} folders or ${String(files)} files lie below the root.`,
    "Name the folder of the data set itself.",
  );
}

function unreadable(folder: string, error: unknown): OpError {
  const name = folder === "" ? "root folder" : `folder ${folder}`;
  return unreadableFolder(name, error, "Check what `root` names, and who may read it.");
}
