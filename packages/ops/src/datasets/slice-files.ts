import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { OpError } from "../op-error.ts";
import { compareCodeUnits } from "./class-names.ts";
import { errorCode } from "./file-images.ts";
import { isPrintableName } from "./printable-name.ts";

/** What lies below a folder, at any depth: names relative to it, with `/` between folders, sorted by code unit. */
export interface FilesBelow {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/**
 * Every visible file below a root, and every folder. Links count as what they lead to. No message
 * says where the root is on this machine.
 * @param onProblem called with what can be passed over where the folder is only looked at
 * @throws OpError `folder-unreadable`, or `folder-loop` where a link leads back to a folder that it lies in
 */
export async function listFilesBelow(root: string, onProblem: (problem: OpError) => void): Promise<FilesBelow> {
  const folders: string[] = [];
  const files: string[] = [];
  const visit = async (folder: string, around: readonly string[]): Promise<void> => {
    for (const entry of await readFolder(root, folder)) {
      if (entry.name.startsWith(".") || entry.name === "__MACOSX") continue;
      const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
      const kind = isPrintableName(entry.name) ? await kindOf(join(root, name), entry) : "unprintable";
      if (kind === "file") files.push(name);
      else if (kind === "folder") {
        folders.push(name);
        await visit(name, [...around, await placeOf(root, name, around, entry)]);
      } else onProblem(kind === "dead" ? deadLink(name) : unprintableName(folder, entry.name));
    }
  };
  await visit("", [await realpath(root).catch((error: unknown) => Promise.reject(unreadable("", error)))]);
  return { folders: folders.sort(compareCodeUnits), files: files.sort(compareCodeUnits) };
}

async function readFolder(root: string, folder: string): Promise<readonly Dirent[]> {
  return readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) =>
    Promise.reject(unreadable(folder, error)),
  );
}

async function kindOf(path: string, entry: Dirent): Promise<"folder" | "file" | "dead"> {
  const found = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry;
  return found === null ? "dead" : found.isDirectory() ? "folder" : "file";
}

/** Where a folder really lies. @param around where those lie that it is in */
async function placeOf(root: string, name: string, around: readonly string[], entry: Dirent): Promise<string> {
  if (!entry.isSymbolicLink()) return join(around.at(-1)!, entry.name);
  const place = await realpath(join(root, name));
  if (!around.includes(place)) return place;
  const hint = "Remove the link: all files below it would be listed again and again.";
  throw new OpError("folder-loop", `The link ${name} leads back to a folder that it lies in.`, hint);
}

function unreadable(folder: string, error: unknown): OpError {
  const name = folder === "" ? "root folder" : `folder ${folder}`;
  const hint = "Check what `root` names, and who may read it.";
  return new OpError("folder-unreadable", `The ${name} cannot be read (${errorCode(error)}).`, hint);
}

function deadLink(name: string): OpError {
  return new OpError("file-missing", `The link ${name} leads nowhere.`, "Mend or remove it.");
}

function unprintableName(folder: string, name: string): OpError {
  const place = folder === "" ? "the root folder" : folder;
  return new OpError(
    "name-unprintable",
    `A name in ${place} holds control characters: ${JSON.stringify(name)}.`,
    "Rename it: names are printed in tables and logs.",
  );
}
