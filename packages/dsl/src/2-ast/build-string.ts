import type { IToken } from "chevrotain";
import { readStringContent } from "../1-parse/string-content.ts";
import { malformedInterpolation, unknownEscape } from "../diagnostics/catalog-text.ts";
import type { NameNode, StringNamePart, StringNode, StringTextPart } from "./ast.ts";
import type { BuildContext } from "./build-context.ts";
import { spanOfToken } from "./build-context.ts";

/** A string's text with its escapes resolved, and the names in its `${}`. */
export function buildString(token: IToken, context: BuildContext): StringNode {
  const { text: raw } = readStringContent(token.image);
  return {
    kind: "string",
    parts: readParts(raw, token.startOffset + 1, context),
    raw,
    span: spanOfToken(token, context),
  };
}

const piece = /\\[^]?|\$\{[^}"]*\}?|[^\\$]+|\$/g;
const escapes: Readonly<Record<string, string>> = { '\\"': '"', "\\\\": "\\", "\\n": "\n", "\\t": "\t", "\\$": "$" };

function readParts(raw: string, offset: number, { source, report }: BuildContext): StringNode["parts"] {
  const parts: (StringTextPart | StringNamePart)[] = [];
  let text = "";
  for (const { 0: found, index } of raw.matchAll(piece)) {
    const span = { path: source.path, start: offset + index, end: offset + index + found.length };
    if (found.startsWith("${")) {
      const name = /^\$\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}$/.exec(found)?.[1];
      if (name === undefined) {
        report(malformedInterpolation(span, found));
        continue;
      }
      if (text !== "") parts.push({ kind: "text", text });
      text = "";
      parts.push({ kind: "name", name: nameInside(name, found, span) });
    } else if (found.startsWith("\\")) {
      const resolved = escapes[found];
      if (resolved === undefined) report(unknownEscape(span, found));
      text += resolved ?? found;
    } else {
      text += found;
    }
  }
  if (text !== "") parts.push({ kind: "text", text });
  return parts;
}

function nameInside(name: string, found: string, span: NameNode["span"]): NameNode {
  const start = span.start + found.indexOf(name);
  return { text: name, span: { path: span.path, start, end: start + name.length } };
}
