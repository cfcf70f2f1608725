import type { BlockNode, NameNode, NamedNode, ValueNode } from "../2-ast/ast.ts";
import {
  circularDeclaration,
  derivedTooOften,
  longestDerivation,
  notOfRole,
  searchOfNoHead,
  unknownConstructor,
  writtenAndSearched,
  wrongKind,
} from "../diagnostics/catalog-check.ts";
import type { OpSignature, Role } from "../signature/signature.ts";
import { constructorNames, findConstructor } from "../signature/signature-index.ts";
import type { CheckContext } from "./check-context.ts";
import { checkFields } from "./check-fields.ts";
import { checkSearch } from "./check-search.ts";
import type { CheckedDeclaration, CheckedSearch, Setting } from "./checked-program.ts";
import { describeValue } from "./describe.ts";
import { namesOfKind, roleOf } from "./program-names.ts";
import { readSearch, type WrittenSearch } from "./read-search.ts";

/** The declarations of a program as they are asked for. Each is checked once; one with a mistake stays null. */
export interface DeclarationTable {
  /** In the order in which they were first asked for. */
  readonly all: readonly CheckedDeclaration[];
  /** The position of a declared name; null where it is unknown or broken (reported). */
  readonly findNamed: (name: NameNode, role: Role) => number | null;
  /** The position of a declaration written inside an axis, shown as `label`; null where it is broken (reported). */
  readonly addInline: (value: ValueNode, role: Role, label: string) => number | null;
  readonly constructorOf: (position: number) => OpSignature | null;
}

/**
 * Checks every `dataset`, `backbone` and `head`. `isSetElsewhere` says of `role.param` whether a sweep sets it, so that
 * the declaration need not.
 */
export function checkDeclarations(context: CheckContext, isSetElsewhere: (name: string) => boolean): DeclarationTable {
  const all: CheckedDeclaration[] = [];
  const positions = new Map<string, number | null>();
  const open = new Set<string>();

  const add = (declaration: CheckedDeclaration | null): number | null =>
    declaration === null ? null : all.push(declaration) - 1;

  const resolveNamed = (node: NamedNode, role: Role): number | null => {
    const name = node.name.text;
    const known = positions.get(name);
    if (known !== undefined) return known;
    if (open.has(name)) {
      context.report(circularDeclaration(node.name.span, name));
      return null;
    }
    if (open.size >= longestDerivation) {
      context.report(derivedTooOften(node.name.span, name));
      return null;
    }
    open.add(name);
    const position = add(build(node.value, role, { label: name, span: node.name.span }));
    open.delete(name);
    positions.set(name, position);
    return position;
  };

  const build = (value: ValueNode, role: Role, shown: Shown): CheckedDeclaration | null => {
    const parts = readDeclarationValue(value);
    if (parts === null) {
      context.report(notOfRole(value.span, role, describeValue(value)));
      return null;
    }
    const base = findBase(parts.name, role);
    if (base === null) return null;
    const asked = readSearch(parts.block, context);
    const search = buildSearch(asked, base, { role, name: shown.label });
    // What a search that has a mistake would have set is not missed as well.
    const isBroken = search === null && asked !== null;
    const isSet = (name: string): boolean =>
      isBroken || isSetElsewhere(name) || isSearched({ search, written: asked }, name);
    const ops = { constructor: base.constructor, role, isSetElsewhere: isSet };
    const owner = { name: shown.label, span: shown.span, isDerived: base.isDerived };
    const written = checkFields(parts.block, { ...ops, owner }, context);
    for (const [name, { span }] of written) {
      if (search !== null && Object.hasOwn(search.over, name))
        context.report(writtenAndSearched(span, name, search.span));
    }
    const settings = Object.fromEntries([...Object.entries(base.settings), ...written]);
    return { role, label: shown.label, op: base.constructor.name, settings, search, span: shown.span };
  };

  const buildSearch = (
    written: WrittenSearch | null,
    { constructor, search }: Base,
    { role, name }: { readonly role: Role; readonly name: string },
  ): CheckedSearch | null => {
    if (written === null) return search;
    if (role === "head") return checkSearch(written, { constructor, base: search, name }, context);
    context.report(searchOfNoHead(written.span, role));
    return null;
  };

  const findBase = (name: NameNode, role: Role): Base | null => {
    const constructor = findConstructor(context.signatures, role, name.text);
    if (constructor !== null) return { constructor, settings: {}, search: null, isDerived: false };
    const position = findNamed(name, role);
    const declaration = position === null ? undefined : all[position];
    const derived = declaration === undefined ? null : findConstructor(context.signatures, role, declaration.op);
    if (derived === null || declaration === undefined) return null;
    return { constructor: derived, settings: declaration.settings, search: declaration.search, isDerived: true };
  };

  const findNamed = (name: NameNode, role: Role): number | null => {
    const node = context.names.named.get(name.text);
    context.used.add(name.text);
    if (node?.declares === role) return resolveNamed(node, role);
    const place = { span: name.span, word: name.text };
    if (node !== undefined) {
      context.report(wrongKind(name.span, name.text, { expected: role, found: node.declares, at: node.name.span }));
    } else {
      const known = [...namesOfKind(context.names, role), ...constructorNames(context.signatures, role)];
      context.report(unknownConstructor({ ...place, known }, role));
    }
    return null;
  };

  for (const node of context.names.named.values()) {
    const role = roleOf(node.declares);
    if (role !== null) resolveNamed(node, role);
  }
  return {
    all,
    findNamed,
    addInline: (value, role, label) => add(build(value, role, { label, span: value.span })),
    constructorOf: (position) => context.signatures.constructors.get(all[position]?.op ?? "") ?? null,
  };
}

interface Shown {
  readonly label: string;
  readonly span: NameNode["span"];
}

interface Base {
  readonly constructor: OpSignature;
  readonly settings: Readonly<Record<string, Setting>>;
  readonly search: CheckedSearch | null;
  readonly isDerived: boolean;
}

interface Searches {
  readonly search: CheckedSearch | null;
  readonly written: WrittenSearch | null;
}

/** Whether a head's search sets `role.param`, rightly or with a mistake that is told elsewhere. */
function isSearched({ search, written }: Searches, name: string): boolean {
  const params = [...Object.keys(search?.over ?? {}), ...(written?.over.keys() ?? [])];
  return params.some((param) => `head.${param}` === name);
}

/** `knn`, or `knn { ... }`; null for anything else. */
export function readDeclarationValue(
  value: ValueNode,
): { readonly name: NameNode; readonly block: BlockNode | null } | null {
  if (value.kind === "construct") return { name: value.name, block: value.block };
  const [name, ...rest] = value.kind === "reference" ? value.path.parts : [];
  return name === undefined || rest.length > 0 ? null : { name, block: null };
}
