import type { Ast, NameNode, NamedKind, NamedNode, SweepNode, TableNode } from "../2-ast/ast.ts";
import { duplicateName, duplicateTitle, nameOfConstructor } from "../diagnostics/catalog-check.ts";
import type { Role } from "../signature/signature.ts";
import { findConstructor, roles, type SignatureIndex } from "../signature/signature-index.ts";
import type { Report } from "./check-context.ts";

/** The declarations of a program and its imports by name. All of them share one set of names; a table has a title. */
export interface ProgramNames {
  readonly named: ReadonlyMap<string, NamedNode>;
  readonly sweeps: ReadonlyMap<string, SweepNode>;
  readonly tables: readonly TableNode[];
}

/** Gathers the names; where one is declared twice, the first declaration holds. */
export function collectNames(files: readonly Ast[], signatures: SignatureIndex, report: Report): ProgramNames {
  const named = new Map<string, NamedNode>();
  const sweeps = new Map<string, SweepNode>();
  const tables: TableNode[] = [];
  const firsts = new Map<string, NameNode>();
  const titles = new Map<string, TableNode>();

  const claim = (name: NameNode): boolean => {
    const first = firsts.get(name.text);
    if (first === undefined) firsts.set(name.text, name);
    else report(duplicateName(name.span, name.text, first.span));
    return first === undefined;
  };

  for (const declaration of files.flatMap((file) => file.declarations)) {
    if (declaration.kind === "named") {
      if (claim(declaration.name)) named.set(declaration.name.text, declaration);
      refuseConstructorName(declaration, signatures, report);
    } else if (declaration.kind === "sweep") {
      if (claim(declaration.name)) sweeps.set(declaration.name.text, declaration);
    } else if (declaration.kind === "table") {
      const first = titles.get(declaration.title.raw);
      if (first !== undefined) report(duplicateTitle(declaration.title.span, declaration.title.raw, first.title.span));
      titles.set(declaration.title.raw, first ?? declaration);
      tables.push(declaration);
    }
  }
  return { named, sweeps, tables };
}

/** The declared names of one kind. */
export function namesOfKind(names: ProgramNames, kind: NamedKind): readonly string[] {
  return [...names.named.values()].filter((node) => node.declares === kind).map((node) => node.name.text);
}

/** The role that a declaration's kind is, if it is one. */
export function roleOf(kind: NamedKind): Role | null {
  return roles.find((role) => role === kind) ?? null;
}

// A word after `head h =` is a constructor or a declared head; were one word both, the reader could not tell which.
function refuseConstructorName({ declares, name }: NamedNode, signatures: SignatureIndex, report: Report): void {
  const role = roleOf(declares);
  if (role === null || findConstructor(signatures, role, name.text) === null) return;
  report(nameOfConstructor(name.span, name.text, role));
}
