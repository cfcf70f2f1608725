import { createLineLookup } from "../text/line-column.ts";
import type { SourceText, Span } from "../text/source.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { showControls } from "./quote.ts";

/** Colours for the parts of a message: each returns its text as it should look. */
export interface DiagnosticPaint {
  readonly bad: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

/**
 * A diagnostic for people, without a line end at its end:
 *
 *     error[E032]: expected `:` after `lr`, found the number `0.1`
 *       --> frozen.exp:5:6
 *        |
 *      5 |   lr 0.1
 *        |      ^^^
 *     help: write `lr: 0.1`
 *
 * Whatever a terminal would obey in the source is shown as text; a long line is cut around the place.
 */
export function renderDiagnostic(
  diagnostic: Diagnostic,
  sources: readonly SourceText[],
  paint: DiagnosticPaint = plainPaint,
): string {
  const { severity, code, message, span, hint, related = [] } = diagnostic;
  const colour = severity === "error" ? paint.bad : paint.warning;
  const lines = [`${colour(`${severity}[${code}]`)}${paint.bold(`: ${showControls(message)}`)}`];
  lines.push(...renderPlace(span, sources, { paint, colour, mark: "^" }));
  for (const place of related) {
    lines.push(`${paint.bold("note")}: ${showControls(place.message)}`);
    lines.push(...renderPlace(place.span, sources, { paint, colour: paint.dim, mark: "-" }));
  }
  if (hint !== undefined) lines.push(`${paint.bold("help")}: ${showControls(hint)}`);
  return lines.join("\n");
}

const plainPaint: DiagnosticPaint = {
  bad: (text) => text,
  warning: (text) => text,
  dim: (text) => text,
  bold: (text) => text,
};

interface PlaceStyle {
  readonly paint: DiagnosticPaint;
  readonly colour: (text: string) => string;
  readonly mark: "^" | "-";
}

/** The file, line and column, then the line itself with the place underlined; only the name where the file is not at hand. */
function renderPlace(
  span: Span,
  sources: readonly SourceText[],
  { paint, colour, mark }: PlaceStyle,
): readonly string[] {
  const source = sources.find(({ path }) => path === span.path);
  if (source === undefined) return [paint.dim(`  --> ${showControls(span.path)}`)];
  const lookup = createLineLookup(source);
  const { line, column } = lookup.positionAt(span.start);
  const { text, start } = lookup.lineAt(line);
  const margin = " ".repeat(String(line).length);
  const excerpt = cutAround(text, span.start - start, Math.min(span.end - start, text.length));
  return [
    paint.dim(`${margin} --> ${showControls(span.path)}:${line}:${column}`),
    paint.dim(`${margin}  |`),
    `${paint.dim(` ${line} |`)} ${excerpt.before}${excerpt.marked}${excerpt.after}`.trimEnd(),
    `${paint.dim(`${margin}  |`)} ${" ".repeat(widthOf(excerpt.before))}${colour(mark.repeat(Math.max(1, widthOf(excerpt.marked))))}`,
  ];
}

interface Excerpt {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

const mostBefore = 60;
const mostMarked = 80;
const mostAfter = 40;

/** A line in three parts; of each, no more is kept than helps. */
function cutAround(line: string, start: number, end: number): Excerpt {
  const [before, marked, after] = [
    line.slice(0, start),
    line.slice(start, Math.max(start, end)),
    line.slice(Math.max(start, end)),
  ];
  return {
    before: before.length > mostBefore + 40 ? `…${showText(before.slice(-mostBefore))}` : showText(before),
    marked: marked.length > mostMarked ? `${showText(marked.slice(0, mostMarked))}…` : showText(marked),
    after: after.length > mostAfter + 60 ? `${showText(after.slice(0, mostAfter))}…` : showText(after),
  };
}

function showText(text: string): string {
  return showControls(text.replaceAll("\t", "  "));
}

/** Columns on a terminal: none for combining marks, two for the scripts and signs that are drawn wide. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue;
    width +=
      /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60]|\p{Emoji_Presentation}/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}
