import type { CallOptions, Terminal } from "../command.ts";

/** One line on the error stream that says how far something is. */
export interface ProgressLine {
  show(text: string): void;
  /** Takes the line away from a terminal. */
  clear(): void;
}

/** On a terminal the line is written over itself; elsewhere a new one comes now and then; with --quiet, none. */
export function openProgressLine({ quiet }: CallOptions, { err, errWidth }: Terminal): ProgressLine {
  const isTerminal = errWidth !== null;
  const pause = isTerminal ? 100 : 5000;
  let shownAt = -Infinity;
  return {
    show: (text) => {
      const now = performance.now();
      if (quiet || now - shownAt < pause) return;
      shownAt = now;
      err(isTerminal ? `\r\u001b[K${text.slice(0, errWidth - 1)}` : `${text}\n`);
    },
    clear: () => {
      if (isTerminal && shownAt > -Infinity) err("\r\u001b[K");
    },
  };
}
