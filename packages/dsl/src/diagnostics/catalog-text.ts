import type { Span } from "../text/source.ts";
import type { Diagnostic, RelatedPlace } from "./diagnostic.ts";
import { quote } from "./quote.ts";

/*
 * Diagnostics of the text itself: limits, characters, words and brackets. E001 to E019.
 */

export const longestProgram = 4 * 1024 * 1024;
export const deepestNesting = 64;

export function programTooLong(span: Span, length: number): Diagnostic {
  const megabytes = (length / (1024 * 1024)).toFixed(1);
  return error("E001", span, `this program is ${megabytes} MB long; 4 MB is the most that is read`, {
    hint: "move shared declarations to files of their own and `import` them",
  });
}

export function nestedTooDeep(span: Span): Diagnostic {
  return error("E002", span, `brackets are nested more than ${deepestNesting} deep here`, {
    hint: "give inner parts names of their own in declarations, and close every bracket",
  });
}

/** Stands in for the diagnostics past the limit. */
export function moreNotShown(span: Span, count: number): Diagnostic {
  return error("E003", span, `${count} more mistakes from here on are not shown`, {
    hint: "mend the first ones and check again: some of the others often go with them",
  });
}

export function controlCharacter(span: Span, run: string): Diagnostic {
  return error("E004", span, `text that cannot be seen stands here: ${quote(run)}`, {
    hint: "delete it: only spaces, tabs and line ends may be invisible",
  });
}

export function unexpectedCharacter(span: Span, text: string): Diagnostic {
  const hint = hintForCharacter(text);
  return error("E005", span, `${quote(text)} means nothing in a program`, hint === undefined ? {} : { hint });
}

function hintForCharacter(text: string): string | undefined {
  if (text.includes(";")) return "leave it out: entries end by themselves";
  if (/[“”„«»‘’`]/.test(text)) return 'strings are written between straight double quotes: "text"';
  if (text.includes("%")) return "write a share as a number: `0.2` for 20%";
  if (text.includes("$")) return 'a parameter is put into a string as "${name}"; outside strings write its bare name';
  if (/[*/^-]/.test(text)) return "there is no arithmetic in a program: write the number itself";
  return undefined;
}

export function foreignComment(span: Span, text: string): Diagnostic {
  const isBlock = text.startsWith("/*");
  const mark = isBlock ? "/*" : text.startsWith("#") ? "#" : "--";
  return error("E006", span, `\`${mark}\` begins no comment here`, {
    hint: isBlock ? "begin every line of a comment with `//`" : "comments begin with `//` and end with the line",
  });
}

export function malformedNumber(span: Span, text: string): Diagnostic {
  return error("E007", span, `${quote(text)} is not a number`, { hint: hintForNumber(text) });
}

function hintForNumber(text: string): string {
  if (/^[+-]?\.\d+([eE][+-]?\d+)?$/.test(text)) return `write a digit before the point: \`${text.replace(".", "0.")}\``;
  if (/^[+-]?\d+\.$/.test(text)) return `write \`${text.slice(0, -1)}\` or \`${text}0\``;
  if (/^[+-]?[\d_]+$/.test(text)) return `write the digits together: \`${text.replaceAll("_", "")}\``;
  if (/^[+-]?[\d.]+[eE][+-]?$/.test(text)) return "an exponent needs digits, as in `1e-3`";
  if (/^[+-]?\d+(\.\d+)?[A-Za-z]+$/.test(text)) return "numbers are written without a unit";
  if (/^\d+[A-Za-z_]/.test(text))
    return "a name begins with a letter, a number has only digits, as in `20`, `0.5` or `1e-3`";
  return "numbers are written as `20`, `-0.5` or `1e-3`";
}

export function numberNotExact(span: Span, text: string): Diagnostic {
  return error("E008", span, `the number ${quote(text)} is too large to be kept exactly`, {
    hint: "whole numbers go up to 9007199254740991, others to about 1.8e308",
  });
}

export function malformedName(span: Span, text: string): Diagnostic {
  const mended = text
    .normalize("NFKD")
    .replaceAll("-", "_")
    .replace(/[^A-Za-z0-9_]/g, "");
  return error("E009", span, `${quote(text)} is not a name: names have the letters a to z, digits and \`_\` only`, {
    hint: /^[A-Za-z_]/.test(mended) ? `write \`${mended}\`` : "choose a name of those characters",
  });
}

export function otherQuotes(span: Span, content: string): Diagnostic {
  return error("E010", span, "strings are written between straight double quotes", {
    hint: `write ${quote(`"${content}"`)}`,
  });
}

export function unterminatedString(span: Span, text: string): Diagnostic {
  return error("E011", span, "this string has no closing quote before the line ends", {
    hint: text.endsWith("\\")
      ? 'write the closing `"`; a `\\` at its end would have to be doubled: `\\\\`'
      : 'write the closing `"`; a line break inside a string is `\\n`',
  });
}

export function unknownEscape(span: Span, text: string): Diagnostic {
  return error("E012", span, `${quote(text)} means nothing inside a string`, {
    hint: 'the escapes are `\\"`, `\\\\`, `\\n`, `\\t` and `\\$`; for a backslash write `\\\\`, or `/` in a path',
  });
}

export function malformedInterpolation(span: Span, text: string): Diagnostic {
  return error("E013", span, `${quote(text)} is not the name of a parameter between \`\${\` and \`}\``, {
    hint: "write `${name}` with the name of a `param`, or `\\$` for a dollar sign",
  });
}

export interface UnclosedBrackets {
  /** The text where the closer was missed; null at the end of the file. */
  readonly found: string | null;
  readonly openers: readonly { readonly text: string; readonly span: Span }[];
}

export function bracketNeverClosed(span: Span, { found, openers }: UnclosedBrackets): Diagnostic {
  const opener = openers.at(-1)?.text ?? "{";
  const place = found === null ? "the end of the file" : quote(found);
  const related: RelatedPlace[] = openers
    .slice(-3)
    .map((bracket) => ({ span: bracket.span, message: `this \`${bracket.text}\` is never closed` }));
  return error("E014", span, `expected \`${closerOf(opener)}\` before ${place}`, {
    hint: `write the missing \`${openers
      .toReversed()
      .map(({ text }) => closerOf(text))
      .join("")}\``,
    related,
  });
}

export function wrongCloser(span: Span, { opener, openerSpan }: { opener: string; openerSpan: Span }): Diagnostic {
  return error("E015", span, `\`${opener}\` is closed by \`${closerOf(opener)}\`, not by this`, {
    hint: `write \`${closerOf(opener)}\``,
    related: [{ span: openerSpan, message: `the \`${opener}\` that it should close` }],
  });
}

export function closesNothing(span: Span, closer: string): Diagnostic {
  return error("E016", span, `this \`${closer}\` closes nothing`, {
    hint: `delete it, or write the \`${openerOf(closer)}\` that belongs to it`,
  });
}

function closerOf(opener: string): string {
  return opener === "{" ? "}" : opener === "[" ? "]" : ")";
}

function openerOf(closer: string): string {
  return closer === "}" ? "{" : closer === "]" ? "[" : "(";
}

function error(code: string, span: Span, message: string, more: Pick<Diagnostic, "hint" | "related">): Diagnostic {
  return { code, severity: "error", message, span, ...more };
}
