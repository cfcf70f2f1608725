import type { ReadStream } from "node:tty";

/** A whole terminal screen, taken over until it is closed. What others print meanwhile is held back and shown after. */
export interface ScreenDevice {
  /** Where keys come from; null where that is no terminal. */
  readonly keyboard: ReadStream | null;
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** Called when the size has changed, and when the screen is back after a suspension: nothing of it can be relied on. */
  readonly onLost: (listener: () => void) => void;
  readonly write: (text: string) => void;
  /** Gives the terminal back to the shell until the user returns (Ctrl-Z, `fg`). */
  readonly suspend: () => void;
  /** Gives the terminal back as it was. Safe to call twice, and while the process exits. */
  readonly close: () => void;
}
