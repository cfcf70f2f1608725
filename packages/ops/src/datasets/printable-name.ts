/**
 * True where a name can be printed in tables and logs as it is: no control characters, no line separators, and none of what
 * stands for bytes that are no UTF-8, by which no file is found.
 */
export function isPrintableName(name: string): boolean {
  return !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffd]/.test(name);
}

/** How messages call what a foreign file has named: its first 100 letters, `?` for those that cannot be printed. */
export function shownName(name: string): string {
  const start = Array.from(name.slice(0, 100), (letter) => (isPrintableName(letter) ? letter : "?")).join("");
  return name.length > 100 ? `${start}..` : start;
}
