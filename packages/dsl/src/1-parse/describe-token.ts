import type { CstNode, IToken } from "chevrotain";
import { quote } from "../diagnostics/quote.ts";
import { NumberLiteral, StringLiteral } from "./tokens.ts";

/** What a token is, in a phrase that fits after "found": "the number `20`". */
export function describeToken(token: IToken | undefined): string {
  if (token === undefined || token.image === "") return "the end of its block";
  if (token.tokenType === NumberLiteral) return `the number ${quote(token.image)}`;
  if (token.tokenType === StringLiteral) return `the string ${quote(token.image)}`;
  return quote(token.image);
}

/** The first token of a stretch of the tree. */
export function firstToken(node: CstNode): IToken | undefined {
  let first: IToken | undefined;
  for (const children of Object.values(node.children)) {
    for (const child of children) {
      const token = "image" in child ? child : firstToken(child);
      if (token !== undefined && (first === undefined || token.startOffset < first.startOffset)) first = token;
    }
  }
  return first;
}
