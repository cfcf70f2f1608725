import type { LeaseHolder } from "../store.ts";

/** What a lock says: who holds the store, and since when (ISO 8601, by the holder's clock). */
export interface LockEntry {
  readonly holder: LeaseHolder;
  readonly since: string;
}

/** Null where the text is none: a file that was cut short, or is somebody else's. */
export function parseLockEntry(text: string): LockEntry | null {
  const { holder, since } = parseObject(text);
  if (typeof holder !== "object" || holder === null || typeof since !== "string") return null;
  const { id, host, pid, processStart }: Readonly<Record<string, unknown>> = { ...holder };
  const isNumber = typeof pid === "number" && Number.isSafeInteger(pid) && pid > 0;
  if (typeof id !== "string" || typeof host !== "string" || !isNumber) return null;
  if (typeof processStart !== "string" && processStart !== null) return null;
  return { holder: { id, host, pid, processStart }, since };
}

/** `process 123 on node7, since 2026-02-03T04:05:06.000Z`. The file may have been written by anybody, and this goes to a screen. */
export function lockEntryText({ holder, since }: LockEntry): string {
  return `process ${String(holder.pid)} on ${printable(holder.host)}, since ${printable(since)}`;
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 100);
}
