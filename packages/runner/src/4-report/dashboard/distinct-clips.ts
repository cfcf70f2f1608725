import { displayWidth } from "../../3-tabulate/formats/display-width.ts";
import { clipText } from "./clip-text.ts";

/** Each text cut to a width; where two would look alike they end in numbers instead, so that they can be told apart. */
export function distinctClips(texts: ReadonlySet<string>, width: number): ReadonlyMap<string, string> {
  const clips = new Map<string, string>();
  const taken = new Set([...texts].filter((text) => displayWidth(text) <= width));
  for (const text of texts) {
    let clip = clipText(text, width);
    for (let number = 2; clip !== text && taken.has(clip); number += 1) {
      clip = clipText(text, width - String(number).length) + String(number);
    }
    taken.add(clip);
    clips.set(text, clip);
  }
  return clips;
}
