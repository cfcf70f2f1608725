import { displayWidth } from "../3-tabulate/formats/display-width.ts";
import { wrapText } from "../3-tabulate/formats/wrap-text.ts";

export interface HangingText {
  /** What the first line begins with; paint in it takes no room. */
  readonly head: string;
  /** Columns that the head takes; later lines begin with as many spaces. */
  readonly indent: number;
  readonly text: string;
  /** Columns of the terminal; null: lines are never broken. */
  readonly width: number | null;
}

/**
 * A head and a text beside it. Lines that reach over the terminal's edge are broken between words; what a line is indented
 * by, all of its parts are. A no-break space holds words together, and is written as a space. Ends its last line.
 */
export function hangText({ head, indent, text, width }: HangingText): string {
  const room = width === null ? Infinity : Math.max(width - indent, narrowest);
  const lines = text.split("\n").flatMap((line) => breakLine(line, room));
  const margin = " ".repeat(indent);
  return lines
    .map((line, index) => `${index === 0 ? head : margin}${line}\n`)
    .join("")
    .replaceAll(noBreak, " ");
}

const noBreak = "\u00a0";

function breakLine(line: string, room: number): readonly string[] {
  if (displayWidth(line) <= room) return [line];
  const [lead = ""] = /^ */.exec(line) ?? [];
  return wrapText(line, room - lead.length).map((part) => lead + part.trimStart());
}

/** A text gets this many columns even where the terminal has fewer: one word to a line reads worse than a broken line. */
const narrowest = 20;
