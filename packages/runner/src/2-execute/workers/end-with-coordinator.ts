import { Worker } from "node:worker_threads";

/** The pipe of a worker process that the coordinator holds the other end of, and on which nothing is ever said. */
const lifeline = 4;

/**
 * Runs on a thread of its own, so that it works while native code holds the process up: the pipe's end is the
 * coordinator's, however it ended.
 */
const watch = `
const { Socket } = require("node:net");
const pipe = new Socket({ fd: ${String(lifeline)} });
const end = () => process.kill(process.pid, "SIGKILL");
pipe.on("error", end).on("close", end).resume();
`;

/**
 * Makes a worker process end with its coordinator and not before: an interrupt from the terminal goes to all processes of
 * the group, and it is the coordinator that decides what it means.
 */
export function endWithCoordinator(): void {
  const end = (): void => {
    process.kill(process.pid, "SIGKILL");
  };
  process.on("disconnect", end);
  if (!process.connected) end();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
  new Worker(watch, { eval: true }).unref();
}
