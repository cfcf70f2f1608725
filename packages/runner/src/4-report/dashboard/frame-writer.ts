import { stripVTControlCharacters } from "node:util";
import { displayWidth } from "../../3-tabulate/formats/display-width.ts";
import type { ScreenSize } from "./lay-out-screen.ts";

/** Shows frames on a terminal by writing the lines that differ from those already there, and nothing else. */
export interface FrameWriter {
  /** Returns how many bytes it took. Lines below the screen are dropped: the screen never scrolls. */
  show(frame: string, size: ScreenSize): number;
  /** Nothing on the screen can be relied on any more: the next frame is written whole. */
  forget(): void;
}

const beginUpdate = "\u001b[?2026h";
const endUpdate = "\u001b[?2026l";
const clearToEnd = "\u001b[K";

export function createFrameWriter(write: (text: string) => void): FrameWriter {
  let shown: readonly string[] | null = null;
  return {
    show: (frame, { columns, rows }) => {
      const lines = frame.split("\n").slice(0, rows);
      const before = shown;
      const update = Array.from({ length: rows }, (_, row) =>
        before !== null && lines[row] === before[row] ? "" : lineUpdate(lines[row] ?? "", row, columns),
      ).join("");
      shown = lines;
      if (update === "") return 0;
      // A terminal that knows these shows the update as a whole; any other ignores them.
      const text = beginUpdate + update + endUpdate;
      write(text);
      return Buffer.byteLength(text);
    },
    forget: () => {
      shown = null;
    },
  };
}

function lineUpdate(line: string, row: number, columns: number): string {
  const start = `\u001b[${String(row + 1)};1H`;
  // After the last column has been written, clearing to the end would take that column away again.
  const isFull = displayWidth(stripVTControlCharacters(line)) >= columns;
  return isFull ? start + line : start + line + clearToEnd;
}
