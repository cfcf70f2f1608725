import { displayWidth } from "../../3-tabulate/formats/display-width.ts";

/** A text of one line, cut to a width with an ellipsis at its end; unpainted text only. */
export function clipText(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width <= 0) return "";
  let kept = "";
  let taken = 0;
  for (const character of text) {
    taken += displayWidth(character);
    if (taken > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** The first of several ways to say something, from the longest to the shortest, that fits; the last one is cut. */
export function firstThatFits(variants: readonly string[], width: number): string {
  return variants.find((text) => displayWidth(text) <= width) ?? clipText(variants.at(-1) ?? "", width);
}
