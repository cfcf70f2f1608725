/**
 * The first key that an object in a JSON text gives twice, at any depth; null where none does. `JSON.parse` takes the last in
 * silence, so that two readers of one file may see different tensors.
 * @param text valid JSON
 */
export function findRepeatedKey(text: string): string | null {
  // One set per open object; null for an array, whose texts are no keys.
  const open: (Set<string> | null)[] = [];
  let isKeyNext = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') {
      const end = endOfText(text, at);
      const keys = open.at(-1);
      if (isKeyNext && keys) {
        const key = JSON.parse(text.slice(at, end)) as string;
        if (keys.has(key)) return key;
        keys.add(key);
      }
      isKeyNext = false;
      at = end - 1;
    } else if (character === "{" || character === "[") {
      open.push(character === "{" ? new Set() : null);
      isKeyNext = true;
    } else if (character === "}" || character === "]") open.pop();
    else if (character === ",") isKeyNext = true;
  }
  return null;
}

/** Where the text that begins at a quote ends, its last quote included. */
function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}
