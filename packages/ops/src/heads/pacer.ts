import { setImmediate as nextMacrotask } from "node:timers/promises";

/** Called between the steps of a long computation: lets messages in now and then, and throws once the task is aborted. */
export type Pause = () => Promise<void>;

/** The clock decides only when to let others run; no answer depends on it. */
export function createPacer(signal: AbortSignal): Pause {
  const interval = 30;
  let last = performance.now();
  return async () => {
    signal.throwIfAborted();
    if (performance.now() - last < interval) return;
    await nextMacrotask();
    last = performance.now();
    signal.throwIfAborted();
  };
}
