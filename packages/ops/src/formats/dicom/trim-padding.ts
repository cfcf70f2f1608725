/**
 * A text without the spaces and zeros around it, as headers pad them. A pattern would take quadratic time in a long run of
 * them.
 */
export function trimPadding(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isPadding(text, from)) from++;
  while (to > from && isPadding(text, to - 1)) to--;
  return text.slice(from, to);
}

function isPadding(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x20 || code === 0;
}
