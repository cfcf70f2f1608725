/** What stands between the quotes of a string token, and which quotes they are. */
export interface StringContent {
  readonly text: string;
  readonly isClosed: boolean;
  /** False for `'` and for typographic quotes. */
  readonly hasStraightDoubleQuotes: boolean;
}

export function readStringContent(image: string): StringContent {
  const opener = image[0] ?? "";
  const hasStraightDoubleQuotes = opener === '"';
  const closers = opener === '"' || opener === "'" ? opener : "\u201C\u201D\u201E";
  const isClosed = /^.(?:[^\\]|\\.)*$/.test(image.slice(0, -1)) && closers.includes(image.at(-1) ?? " ");
  return { text: image.slice(1, isClosed ? -1 : undefined), isClosed, hasStraightDoubleQuotes };
}
