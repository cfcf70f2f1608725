import { displayWidth } from "./display-width.ts";

/** Breaks a text at spaces; later lines are indented by two. A word that is too long stands on a line of its own, whole. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ").filter((part) => part !== "")) {
    const line = lines.at(-1);
    const longer = line === undefined ? word : `${line} ${word}`;
    if (line !== undefined && displayWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(line === undefined ? word : `  ${word}`);
  }
  return lines;
}
