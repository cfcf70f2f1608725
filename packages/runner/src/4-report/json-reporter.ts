import type { Reporter } from "./run-event.ts";

/** One event per line, as the command line's contract has it. */
export function createJsonReporter(write: (text: string) => void): Reporter {
  return {
    report: (event) => {
      write(`${JSON.stringify(event)}\n`);
    },
    close: () => undefined,
  };
}
