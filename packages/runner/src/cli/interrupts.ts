import { exitCodes } from "./exit-codes.ts";

export interface Interrupts {
  /** Aborted by the first Ctrl-C (or SIGTERM): come to a safe end. */
  readonly signal: AbortSignal;
  release(): void;
}

/** The first interrupt asks for a safe end, the second one ends the process at once; what is stored stays either way. */
export function stopOnInterrupt(): Interrupts {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    release: () => {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}
