import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { LeaseHolder } from "./store.ts";

/** This process as the holder of leases. */
export function thisProcess(): LeaseHolder {
  return { id: randomUUID(), host: hostname(), pid: process.pid, processStart: processStart(process.pid) };
}

/**
 * Whether a process is known to have ended: only of this host can that be told. In a container that shares a host's name but not its
 * processes it may be told wrongly: then something is computed twice, and stored once.
 */
export function isProcessGone({ host, pid, processStart: started }: LeaseHolder): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  return started !== null && processStart(pid) !== started;
}

/** When a process began, in the system's own ticks; null where the system does not say. Numbers of processes are used again. */
function processStart(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
    // The name, in brackets, may hold anything; field 22 of the whole is the 20th after it.
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
