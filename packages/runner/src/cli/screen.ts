import type { ScreenDevice } from "../4-report/screen-device.ts";
import { hangUp } from "./hang-up.ts";
import { holdBack } from "./held-stream.ts";

/** Another screen, no cursor, no wrapping at the right edge: what is printed there leaves the terminal's history alone. */
const enter = "\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J";
const leave = "\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l";

/** Where a terminal does not tell its size. */
const usualSize = { columns: 80, rows: 24 };

/**
 * Takes over the terminal of this process: the screen is drawn on standard error. `onHangUp` is called when the terminal
 * is gone (SIGHUP); no frame is written to it any more.
 */
export function openScreen(onHangUp: () => void): ScreenDevice {
  const { stdin, stderr } = process;
  const results = holdBack(process.stdout);
  const others = holdBack(stderr);
  const { write } = others;
  const listeners: (() => void)[] = [];
  let isOpen = true;
  let isGone = false;
  const sayLost = (): void => {
    for (const listener of listeners) listener();
  };
  const onHangUpSignal = (): void => {
    isGone = true;
    onHangUp();
  };
  const onContinue = (): void => {
    if (stdin.isTTY) stdin.setRawMode(true);
    write(enter);
    sayLost();
  };
  write(enter);
  stderr.on("resize", sayLost);
  process.on("SIGHUP", onHangUpSignal);
  return {
    keyboard: stdin.isTTY ? stdin : null,
    size: () => ({ columns: stderr.columns || usualSize.columns, rows: stderr.rows || usualSize.rows }),
    onLost: (listener) => {
      listeners.push(listener);
    },
    write: (text) => {
      if (isOpen && !isGone) write(text);
    },
    suspend: () => {
      write(leave);
      if (stdin.isTTY) stdin.setRawMode(false);
      process.once("SIGCONT", onContinue);
      // The whole group of processes stops: the shell waits for its first one, which may be a parent of this.
      process.kill(0, "SIGTSTP");
    },
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      stderr.off("resize", sayLost);
      process.off("SIGHUP", onHangUpSignal);
      process.off("SIGCONT", onContinue);
      write(leave, endOnError);
      results.release();
      others.release();
    },
  };
}

/** After a hang-up the first write that is not for the screen is the end: nobody is there to read the rest. */
function endOnError(error?: Error | null): void {
  if ((error as NodeJS.ErrnoException | null | undefined)?.code === "EIO") hangUp();
}
