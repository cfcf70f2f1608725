// A process that claims work in a store, renews its lease and, on a network file system, the store's lock, and is killed at a
// fail point on the way.
// Arguments: folder of the store, the point, the key of the work.
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { openStore } from "@exp-lab/runner";

const [folder, wanted, key] = process.argv.slice(2);
const watch = (point) => {
  if (point === wanted) process.kill(process.pid, "SIGKILL");
};
const fileSystem = { isNetwork: wanted.includes("lock"), name: null };
const store = openStore(folder, { watch, fileSystem, lockMilliseconds: 40 });
const holder = { id: "killed", host: "here", pid: process.pid, processStart: null };
store.claimWork({ keys: [key], holder, now: 1000, milliseconds: 10, isGone: () => false });
// Longer than the lock may go without being renewed.
await setTimeout(30);
store.renewLeases(holder, 2000);
