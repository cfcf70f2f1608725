// A process that claims work in a store, renews its lease, and is killed at a fail point on the way.
// Arguments: folder of the store, the point, the key of the work.
import process from "node:process";
import { openStore } from "@exp-lab/runner";

const [folder, wanted, key] = process.argv.slice(2);
const watch = (point) => {
  if (point === wanted) process.kill(process.pid, "SIGKILL");
};
const store = openStore(folder, { watch });
const holder = { id: "killed", host: "here", pid: process.pid, processStart: null };
store.claimWork({ keys: [key], holder, now: 1000, milliseconds: 10, isGone: () => false });
store.renewLeases(holder, 2000);
