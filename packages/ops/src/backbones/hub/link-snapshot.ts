import { randomBytes } from "node:crypto";
import { copyFile, link, mkdir, readFile, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { codeOf } from "./moved-files.ts";

/**
 * Makes a file of a snapshot a relative link to its blob, so that the cache can be moved as a whole. Where the system has no such
 * links it becomes a second name of the blob, or a copy.
 * @throws what the system says
 */
export async function linkSnapshot(pointer: string, blob: string): Promise<void> {
  const target = relative(dirname(pointer), blob);
  await mkdir(dirname(pointer), { recursive: true });
  if ((await targetOf(pointer)) === target) return;
  const temporary = temporaryName(pointer);
  try {
    await makeLink(target, blob, temporary);
    // Over a link to another blob, or to one that is no more.
    await rename(temporary, pointer);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Notes the commit that a branch or tag stands for; a reader never sees half of it. */
export async function writeRef(ref: string, commit: string): Promise<void> {
  if ((await readFile(ref, "utf8").catch(() => null)) === commit) return;
  await mkdir(dirname(ref), { recursive: true });
  const temporary = temporaryName(ref);
  try {
    await writeFile(temporary, commit);
    await rename(temporary, ref);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function makeLink(target: string, blob: string, path: string): Promise<void> {
  try {
    await symlink(target, path);
  } catch (error) {
    if (!noLinks.has(codeOf(error))) throw error;
    await link(blob, path).catch(() => copyFile(blob, path));
  }
}

/** What systems say that make no symbolic links, or not for this user. */
const noLinks: ReadonlySet<unknown> = new Set(["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "UNKNOWN"]);

async function targetOf(path: string): Promise<string | null> {
  return readlink(path).catch(() => null);
}

function temporaryName(path: string): string {
  return `${path}.${randomBytes(4).toString("hex")}.tmp`;
}
