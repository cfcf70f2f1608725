import { exitCodes } from "./exit-codes.ts";

export interface Interrupts {
  /** Aborted by the first Ctrl-C (or SIGTERM): come to a safe end. */
  readonly signal: AbortSignal;
  /** Asks for a safe end; asking again changes nothing. */
  readonly stop: () => void;
  /** Ends the process at once, or in the time that a native call takes to come back; what is stored stays. */
  readonly quit: () => void;
  /** What Ctrl-C does: the first time a safe end, the second time the process's. */
  readonly interrupt: () => void;
  release(): void;
}

/** A process that ends while a worker is in native code dies of an abort, with a message that helps nobody (ms). */
const grace = 1500;

/** The first interrupt asks for a safe end, the second one ends the process at once; what is stored stays either way. */
export function stopOnInterrupt(): Interrupts {
  const controller = new AbortController();
  const stop = (): void => {
    if (!controller.signal.aborted) controller.abort();
  };
  let ending: NodeJS.Timeout | null = null;
  const quit = (): void => {
    if (ending !== null) process.exit(exitCodes.interrupted);
    ending = setTimeout(() => process.exit(exitCodes.interrupted), grace).unref();
    stop();
  };
  const interrupt = (): void => {
    if (controller.signal.aborted) quit();
    else stop();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return {
    signal: controller.signal,
    ...{ stop, quit, interrupt },
    release: () => {
      if (ending !== null) clearTimeout(ending);
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
    },
  };
}
