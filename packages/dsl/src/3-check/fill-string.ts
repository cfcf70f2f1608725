import type { StringNode } from "../2-ast/ast.ts";
import type { ParamLiteral } from "./check-context.ts";

/** A text, and what it is relative to should it be a path. */
export interface FilledText {
  readonly value: string;
  /** The file that wrote its beginning; null where that came from outside, which is relative to the working directory. */
  readonly base: string | null;
}

/** A string with its `${}` filled in; null where one of them has no value. Every name is looked up, so that each mistake is told. */
export function fillString(
  node: StringNode,
  valueOf: (name: { readonly text: string; readonly span: StringNode["span"] }) => ParamLiteral | null,
): FilledText | null {
  const pieces = node.parts.map((part) =>
    part.kind === "text" ? { value: part.text, base: node.span.path } : valueOf(part.name),
  );
  const whole = pieces.filter((piece) => piece !== null);
  if (whole.length < pieces.length) return null;
  const first = whole.find(({ value }) => value !== "");
  return {
    value: whole.map(({ value }) => String(value)).join(""),
    base: first === undefined ? node.span.path : first.base,
  };
}
