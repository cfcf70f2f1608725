/**
 * Text of a program made fit to stand in a message: between backticks, cut where it is long, and with characters that a
 * terminal would obey or not show written as `\u{...}`.
 */
export function quote(text: string): string {
  const shown = text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text;
  return `\`${showControls(shown)}\``;
}

/** Control characters, line ends, direction marks and lone surrogates written as `\u{...}`; all else as it is. */
export function showControls(text: string): string {
  return text.replace(hidden, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** One character that a program may not contain: it would be invisible, or change how the line around it looks. */
export const forbiddenCharacter =
  /[\u0000-\u0008\u000E-\u001F\u007F-\u009F\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069]/;

const longestQuote = 60;
const hidden = new RegExp(`${forbiddenCharacter.source}|[\\t-\\r\\uFEFF]|\\p{Surrogate}`, "gu");
