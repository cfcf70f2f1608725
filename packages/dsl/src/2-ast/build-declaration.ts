import type {
  ImportDeclarationCstNode,
  NamedDeclarationCstNode,
  OutsideCstNode,
  SweepDeclarationCstNode,
  TableDeclarationCstNode,
  UnknownDeclarationCstNode,
} from "../1-parse/cst.ts";
import { describeToken, firstToken } from "../1-parse/describe-token.ts";
import { kindWords } from "../1-parse/tokens.ts";
import {
  blockExpected,
  equalsBeforeBlock,
  equalsExpected,
  importFileExpected,
  missingDeclarationName,
  missingDeclarationValue,
  notADeclaration,
  tableTitleExpected,
  unknownDeclarationKind,
} from "../diagnostics/catalog-syntax.ts";
import type { DeclarationNode } from "./ast.ts";
import type { BuildContext } from "./build-context.ts";
import { placeAfter, spanOf, spanOfToken } from "./build-context.ts";
import { buildName, buildPath, textOf } from "./build-path.ts";
import { buildString } from "./build-string.ts";
import { buildBlock, buildValue } from "./build-value.ts";

export type DeclarationCstNode =
  | ImportDeclarationCstNode
  | NamedDeclarationCstNode
  | SweepDeclarationCstNode
  | TableDeclarationCstNode
  | UnknownDeclarationCstNode
  | OutsideCstNode;

/** A declaration; null where it is too broken to be one, which has been reported then. */
export function buildDeclaration(node: DeclarationCstNode, context: BuildContext): DeclarationNode | null {
  switch (node.name) {
    case "importDeclaration":
      return buildImport(node, context);
    case "namedDeclaration":
      return buildNamedDeclaration(node, context);
    case "sweepDeclaration":
      return buildSweep(node, context);
    case "tableDeclaration":
      return buildTable(node, context);
    case "unknownDeclaration":
      reportUnknown(node, context);
      return null;
    case "outside":
      reportOutside(node, context);
      return null;
  }
}

function buildImport(node: ImportDeclarationCstNode, context: BuildContext): DeclarationNode | null {
  const { StringLiteral, path } = node.children;
  const span = spanOf(node, context);
  if (StringLiteral?.[0] !== undefined) return { kind: "import", file: buildString(StringLiteral[0], context), span };
  const written = path?.[0] === undefined ? null : buildPath(path[0], context);
  if (written === null) context.report(importFileExpected(span, "nothing"));
  else context.report(importFileExpected(written.span, `\`${textOf(written)}\``));
  return null;
}

function buildNamedDeclaration(node: NamedDeclarationCstNode, context: BuildContext): DeclarationNode | null {
  const { Kind, Name, StringLiteral, Equals, Colon, value } = node.children;
  const declares = kindWords.find((word) => word === Kind?.[0]?.image);
  if (declares === undefined || Kind?.[0] === undefined) return null;
  const built = value?.[0] === undefined ? null : buildValue(value[0], context);
  if (Name?.[0] === undefined) {
    const quoted = StringLiteral?.[0];
    const place = spanOfToken(quoted ?? Kind[0], context);
    context.report(missingDeclarationName(place, declares, quoted === undefined ? null : bareName(quoted.image)));
    return null;
  }
  const name = buildName(Name[0], context);
  const written = `${declares} ${name.text}`;
  if (Colon?.[0] !== undefined) context.report(equalsExpected(spanOfToken(Colon[0], context), written, "`:`"));
  else if (Equals === undefined) reportMissingEquals({ node, written }, context);
  else if (value === undefined)
    context.report(missingDeclarationValue(spanOfToken(Equals[0] ?? Name[0], context), written));
  return built === null ? null : { kind: "named", declares, name, value: built, span: spanOf(node, context) };
}

/** The `=` is missing; the place is that of the token that stands where it should. */
function reportMissingEquals(
  { node, written }: { readonly node: NamedDeclarationCstNode; readonly written: string },
  context: BuildContext,
): void {
  const value = node.children.value?.[0];
  const found = value === undefined ? undefined : firstToken(value);
  if (found === undefined) context.report(equalsExpected(spanOf(node, context), written, "nothing more"));
  else context.report(equalsExpected(spanOfToken(found, context), written, describeToken(found)));
}

function buildSweep(node: SweepDeclarationCstNode, context: BuildContext): DeclarationNode | null {
  const { Sweep, Name, StringLiteral, Equals, block } = node.children;
  const built = block?.[0] === undefined ? null : buildBlock(block[0], context);
  const quoted = StringLiteral?.[0];
  if (quoted !== undefined) {
    context.report(missingDeclarationName(spanOfToken(quoted, context), "sweep", bareName(quoted.image)));
  } else if (Name?.[0] === undefined && Sweep?.[0] !== undefined) {
    context.report(missingDeclarationName(spanOfToken(Sweep[0], context), "sweep", null));
  }
  if (Equals?.[0] !== undefined) context.report(equalsBeforeBlock(spanOfToken(Equals[0], context), "sweep"));
  const span = spanOf(node, context);
  if (Name?.[0] === undefined) return null;
  if (built === null) {
    context.report(blockExpected(placeAfter(span), `sweep ${Name[0].image}`, "nothing of the kind"));
    return null;
  }
  return { kind: "sweep", name: buildName(Name[0], context), block: built, span };
}

function buildTable(node: TableDeclarationCstNode, context: BuildContext): DeclarationNode | null {
  const { Table, Name, StringLiteral, Equals, block } = node.children;
  const built = block?.[0] === undefined ? null : buildBlock(block[0], context);
  const span = spanOf(node, context);
  if (Equals?.[0] !== undefined) context.report(equalsBeforeBlock(spanOfToken(Equals[0], context), "table"));
  if (StringLiteral?.[0] === undefined) {
    const found = Name?.[0];
    const place = found ?? Table?.[0];
    if (place !== undefined) {
      context.report(tableTitleExpected(spanOfToken(place, context), found?.image ?? null));
    }
    return null;
  }
  if (built === null) {
    context.report(blockExpected(placeAfter(span), `table ${StringLiteral[0].image}`, "nothing of the kind"));
    return null;
  }
  return { kind: "table", title: buildString(StringLiteral[0], context), block: built, span };
}

/** What stands after the misspelt word is looked through as well, for mistakes of its own. */
function reportUnknown(node: UnknownDeclarationCstNode, context: BuildContext): void {
  const word = node.children.Name?.[0];
  if (word !== undefined) context.report(unknownDeclarationKind(spanOfToken(word, context), word.image));
  for (const value of node.children.value ?? []) buildValue(value, context);
}

function reportOutside(node: OutsideCstNode, context: BuildContext): void {
  const token = firstToken(node);
  if (token === undefined) return;
  const after = context.source.text.slice(token.startOffset + token.image.length);
  const isField = /^[A-Za-z_]/.test(token.image) && /^(\s*\.\s*\w+)*\s*:/.test(after.slice(0, 200));
  context.report(notADeclaration(spanOfToken(token, context), describeToken(token), isField));
}

/** A name made of a quoted one. */
function bareName(image: string): string {
  const bare = image.replace(/^["']|["']$/g, "").replace(/[^A-Za-z0-9_]+/g, "_");
  return /^[A-Za-z_]/.test(bare) ? bare : `name_${bare}`;
}
