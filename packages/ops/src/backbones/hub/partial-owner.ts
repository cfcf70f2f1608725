import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";

/*
 * Who holds a partial file is noted beside it, so that a run after one that was killed need not wait until the file is long
 * unchanged. It is a hint alone: where it is wrong (machines of one name), two write the same bytes.
 */

/** Notes that this process holds the file. @throws what the system says */
export async function noteOwner(path: string): Promise<void> {
  await writeFile(ownerPath(path), JSON.stringify({ host: hostname(), pid: process.pid }));
}

export async function forgetOwner(path: string): Promise<void> {
  await rm(ownerPath(path), { force: true });
}

/** Whether the process that held the file was one of this machine and is no more; false where that is not known. */
export async function isOwnerGone(path: string): Promise<boolean> {
  try {
    const { host, pid } = JSON.parse(await readFile(ownerPath(path), "utf8")) as Record<string, unknown>;
    return host === hostname() && typeof pid === "number" && pid > 0 && !isAlive(pid);
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be asked, but is there.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

function ownerPath(path: string): string {
  return `${path}.owner`;
}
