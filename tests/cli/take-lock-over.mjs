// Loaded before the program: puts another process's lock in the place of this one's as soon as it is there.
// Environment: LOCK, the path of the lock.
import { existsSync, renameSync, writeFileSync } from "node:fs";
import process from "node:process";
import { isMainThread } from "node:worker_threads";

const lock = process.env["LOCK"];
const holder = { id: "other", host: "elsewhere", pid: 7, processStart: null };
if (isMainThread) {
  const timer = setInterval(() => {
    if (!existsSync(lock)) return;
    clearInterval(timer);
    writeFileSync(`${lock}.other`, JSON.stringify({ holder, since: "2026-02-03T04:05:06.000Z" }));
    renameSync(`${lock}.other`, lock);
  }, 1);
}
