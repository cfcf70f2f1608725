import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { OpError } from "../op-error.ts";
import { errorCode } from "./file-images.ts";
import { isPrintableName } from "./printable-name.ts";

/**
 * What an entry of a folder is; links are what they lead to. `dead` is a link that leads nowhere; `other` is neither file nor
 * folder: reading a pipe would never end.
 */
export type EntryKind = "folder" | "file" | "dead" | "other";

/** @param folder the path of the folder that it lies in */
export async function kindOf(folder: string, entry: Dirent): Promise<EntryKind> {
  const found = entry.isSymbolicLink() ? await stat(join(folder, entry.name)).catch(() => null) : entry;
  if (found === null) return "dead";
  if (found.isDirectory()) return "folder";
  return found.isFile() ? "file" : "other";
}

/** The same without looking, for many entries: a link may lead to anything. */
export function isOther(entry: Dirent): boolean {
  return !entry.isFile() && !entry.isDirectory() && !entry.isSymbolicLink();
}

/** What systems and programs put beside a user's files. */
export function isHidden(name: string): boolean {
  return name.startsWith(".") || name === "__MACOSX";
}

/**
 * What an entry is, or why it is neither file nor folder.
 * @param folder the one that it lies in, relative to the root; empty for the root itself
 */
export async function lookAtEntry(root: string, folder: string, entry: Dirent): Promise<"folder" | "file" | OpError> {
  if (!isPrintableName(entry.name)) return unprintableName(folder, entry.name);
  const kind = await kindOf(join(root, folder), entry);
  const name = placeIn(folder, entry.name);
  if (kind === "dead") return new OpError("file-missing", `The link ${name} leads nowhere.`, "Mend or remove it.");
  if (kind !== "other") return kind;
  const found = `${name} is neither a file nor a folder, but a pipe, a socket or a device.`;
  return new OpError("file-unreadable", found, "Remove it, or the link that leads there.");
}

/** A name in a folder. Unlike `join`, which takes paths apart and leaves five times as much behind. */
export function placeIn(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/**
 * All entries of a folder, in no order.
 * @param folder relative to the root; empty for the root itself
 * @throws OpError `folder-unreadable`, which says where the root is
 */
export async function readEntries(root: string, folder: string): Promise<readonly Dirent[]> {
  const path = join(root, folder);
  return readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    const name = folder === "" ? `root folder ${root}` : `folder ${folder}`;
    throw unreadableFolder(name, error, `Check ${path}.`);
  });
}

export function unreadableFolder(name: string, error: unknown, hint: string): OpError {
  return new OpError("folder-unreadable", `The ${name} cannot be read (${errorCode(error)}).`, hint);
}

function unprintableName(folder: string, name: string): OpError {
  // What stands for bytes that are none of UTF-8's: no file is found by it.
  const problem = name.includes("\ufffd") ? "is not written in UTF-8" : "holds control characters";
  return new OpError(
    "name-unprintable",
    `A name in ${folder === "" ? "the root folder" : folder} ${problem}: ${JSON.stringify(name)}.`,
    "Rename it: names are printed in tables and logs.",
  );
}
