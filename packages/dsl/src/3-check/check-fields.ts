import type { BlockNode, EntryNode, FieldNode, NameNode } from "../2-ast/ast.ts";
import {
  duplicateField,
  misplaced,
  missingFields,
  notSupportedYet,
  severalValues,
  unknownField,
} from "../diagnostics/catalog-check.ts";
import type { OpSignature, Role } from "../signature/signature.ts";
import { isRequired, opsOfDeclaration } from "../signature/signature-index.ts";
import type { Span } from "../text/source.ts";
import type { CheckContext } from "./check-context.ts";
import { checkSetting } from "./check-setting.ts";
import type { Setting } from "./checked-program.ts";
import { findSpecs, settableParams } from "./param-specs.ts";
import { isOfSearch } from "./read-search.ts";

interface FieldOwner {
  readonly constructor: OpSignature;
  readonly role: Role;
  /** Whether a sweep or the declaration's own search sets `role.param`, so that the declaration need not. */
  readonly isSetElsewhere: (name: string) => boolean;
  readonly owner: { readonly name: string; readonly span: Span; readonly isDerived: boolean };
}

/** The settings that a declaration's block writes, by parameter; mistakes are reported and left out. */
export function checkFields(
  block: BlockNode | null,
  owner: FieldOwner,
  context: CheckContext,
): readonly (readonly [string, Setting])[] {
  const ops = opsOfDeclaration(context.signatures, owner.constructor);
  const { settings, firsts } = checkPlainFields(block, { ops, name: owner.constructor.name }, context);
  if (!owner.owner.isDerived) reportMissing(owner, firsts, context);
  return settings;
}

interface PlainFields {
  readonly settings: readonly (readonly [string, Setting])[];
  /** Where each field was first written, also those with a mistake. */
  readonly firsts: ReadonlyMap<string, Span>;
}

/** The `name: value` of a block, each for a parameter of one of the ops. */
export function checkPlainFields(
  block: BlockNode | null,
  { ops, name }: { readonly ops: readonly OpSignature[]; readonly name: string },
  context: CheckContext,
): PlainFields {
  const settings: (readonly [string, Setting])[] = [];
  const firsts = new Map<string, Span>();
  for (const entry of block?.entries ?? []) {
    if (isOfSearch(entry)) continue;
    const field = readField(entry, context);
    if (field === null) continue;
    const { key, value } = field;
    const first = firsts.get(key.text);
    if (first !== undefined) {
      context.report(duplicateField(key.span, key.text, first));
      continue;
    }
    firsts.set(key.text, key.span);
    const specs = findSpecs(ops, key.text);
    if (specs.length === 0) {
      const known = settableParams(ops);
      context.report(unknownField({ span: key.span, word: key.text, known }, name));
      continue;
    }
    const setting = checkSetting(value, { name: key.text, specs }, context);
    if (setting !== null) settings.push([key.text, setting]);
  }
  return { settings, firsts };
}

/** A plain `name: value`; everything else that a block may hold is reported. */
function readField(entry: EntryNode, context: CheckContext): PlainField | null {
  switch (entry.kind) {
    case "section":
      context.report(notSupportedYet(entry.name.span, `the block \`${entry.name.text} { ... }\``));
      return null;
    case "where":
    case "except":
      context.report(misplaced(entry.span, `\`${entry.kind}\``, "a declaration; it belongs in a sweep"));
      return null;
    case "field":
      return readPlainField(entry, context);
  }
  return entry satisfies never;
}

interface PlainField {
  readonly key: NameNode;
  readonly value: FieldNode["values"][number];
}

function readPlainField(field: FieldNode, context: CheckContext): PlainField | null {
  const [key, ...inner] = field.key.parts;
  const [value, ...more] = field.values;
  if (key === undefined || value === undefined) return null;
  if (inner.length > 0) {
    const name = field.key.parts.map((part) => part.text).join(".");
    context.report(notSupportedYet(field.key.span, `the dotted name \`${name}\` in a declaration`));
    return null;
  }
  if (more.length === 0) return { key, value };
  context.report(severalValues(field.span, key.text));
  return null;
}

function reportMissing(owner: FieldOwner, written: ReadonlyMap<string, Span>, context: CheckContext): void {
  const missing = Object.entries(owner.constructor.params)
    .filter(([name, spec]) => isRequired(spec) && !written.has(name) && !owner.isSetElsewhere(`${owner.role}.${name}`))
    .map(([name]) => name);
  const canSearch = owner.constructor.grids !== undefined;
  if (missing.length > 0) context.report(missingFields(owner.owner.span, owner.owner.name, { missing, canSearch }));
}
