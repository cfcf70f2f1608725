import type { IToken } from "chevrotain";
import type { PathCstNode } from "../1-parse/cst.ts";
import { missingNamePart } from "../diagnostics/catalog-syntax.ts";
import type { NameNode, PathNode } from "./ast.ts";
import type { BuildContext } from "./build-context.ts";
import { placeAfter, spanFromTo, spanOfToken } from "./build-context.ts";

/** A dotted name; null where it has no part at all. */
export function buildPath(node: PathCstNode, context: BuildContext): PathNode | null {
  const names = node.children.Name ?? [];
  const dots = node.children.Dot ?? [];
  const parts = names.map((token) => buildName(token, context));
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined) return null;
  const path: PathNode = { parts, span: spanFromTo(first.span, last.span) };
  const unfinished = dots.find((_, index) => {
    const name = names[index + 1];
    const nextDot = dots[index + 1];
    return name === undefined || (nextDot !== undefined && nextDot.startOffset < name.startOffset);
  });
  if (unfinished !== undefined) {
    context.report(missingNamePart(placeAfter(spanOfToken(unfinished, context)), textOf(path)));
  }
  return path;
}

export function buildName(token: IToken, context: BuildContext): NameNode {
  return { text: token.image, span: spanOfToken(token, context) };
}

/** A dotted name as it is written. */
export function textOf(path: PathNode): string {
  return path.parts.map(({ text }) => text).join(".");
}
