import type { CstNode, IToken } from "chevrotain";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceText, Span } from "../text/source.ts";

/** What building has at hand: the text that the tree came from, and where mistakes are told. */
export interface BuildContext {
  readonly source: SourceText;
  readonly report: (diagnostic: Diagnostic) => void;
}

/** The span of a node; empty at the start of the text where the node has no tokens. */
export function spanOf(node: CstNode, { source }: BuildContext): Span {
  const start = node.location?.startOffset ?? 0;
  const end = (node.location?.endOffset ?? -1) + 1;
  return Number.isFinite(start) && end >= start
    ? { path: source.path, start, end }
    : { path: source.path, start: 0, end: 0 };
}

export function spanOfToken(token: IToken, { source }: BuildContext): Span {
  return { path: source.path, start: token.startOffset, end: token.startOffset + token.image.length };
}

export function spanFromTo(from: Span, to: Span): Span {
  return { path: from.path, start: from.start, end: to.end };
}

/** The empty place right after a span. */
export function placeAfter(span: Span): Span {
  return { path: span.path, start: span.end, end: span.end };
}

/** Children of several kinds in the order of the text. */
export function inOrder<Child>(children: readonly Child[], startOf: (child: Child) => number): readonly Child[] {
  return [...children].sort((a, b) => startOf(a) - startOf(b));
}
