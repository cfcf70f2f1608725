import type { EditionCstNode, ProgramCstNode } from "../1-parse/cst.ts";
import { editionMalformed, editionMisplaced } from "../diagnostics/catalog-syntax.ts";
import type { Ast, DeclarationNode, EditionNode } from "./ast.ts";
import type { BuildContext } from "./build-context.ts";
import { inOrder, spanOf, spanOfToken } from "./build-context.ts";
import { buildDeclaration } from "./build-declaration.ts";

/** The tree of a program without its punctuation; whatever cannot be understood is reported and left out. */
export function buildAst(cst: ProgramCstNode, context: BuildContext): Ast {
  const parts = cst.children;
  const nodes = [
    ...(parts.importDeclaration ?? []),
    ...(parts.namedDeclaration ?? []),
    ...(parts.sweepDeclaration ?? []),
    ...(parts.tableDeclaration ?? []),
    ...(parts.unknownDeclaration ?? []),
    ...(parts.outside ?? []),
  ];
  const ordered = inOrder(nodes, (node) => node.location?.startOffset ?? 0);
  const declarations: DeclarationNode[] = [];
  for (const node of ordered) {
    const declaration = buildDeclaration(node, context);
    if (declaration !== null) declarations.push(declaration);
  }
  const firstOffset = ordered[0]?.location?.startOffset ?? Number.POSITIVE_INFINITY;
  return { path: context.source.path, edition: buildEdition(parts.edition ?? [], firstOffset, context), declarations };
}

function buildEdition(
  [first, ...others]: readonly EditionCstNode[],
  firstDeclaration: number,
  context: BuildContext,
): EditionNode | null {
  for (const other of others) context.report(editionMisplaced(spanOf(other, context)));
  if (first === undefined) return null;
  const span = spanOf(first, context);
  if (span.start > firstDeclaration) context.report(editionMisplaced(span));
  const number = first.children.NumberLiteral?.[0];
  if (number === undefined || !/^\d+$/.test(number.image)) {
    if (number !== undefined) context.report(editionMalformed(spanOfToken(number, context), number.image));
    return null;
  }
  return { number: Number(number.image), span };
}
