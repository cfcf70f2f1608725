import type { EntryNode, FieldNode, NameNode, SweepNode, ValueNode } from "../2-ast/ast.ts";
import { duplicateField, notSupportedYet } from "../diagnostics/catalog-check.ts";
import { emptyAxis, emptySweep, mostTrials, sweepTooLarge, unknownAxis } from "../diagnostics/catalog-sweep.ts";
import type { Role } from "../signature/signature.ts";
import { roles } from "../signature/signature-index.ts";
import type { CheckContext } from "./check-context.ts";
import { countValues, expandValues } from "./expand-values.ts";
import { pathText } from "./value-text.ts";

/** A field of a sweep that names an axis, and its values one by one. */
export interface AxisSource {
  readonly name: string;
  readonly target: AxisName;
  readonly field: FieldNode;
  readonly values: readonly ValueNode[];
}

export type AxisName =
  | { readonly kind: "role"; readonly role: Role }
  | { readonly kind: "seed" }
  | { readonly kind: "preset" }
  | { readonly kind: "param"; readonly role: Role; readonly param: NameNode };

/**
 * The axes that a sweep names; null in the place of one with a mistake (reported). Their values are counted before
 * they are made, so that a sweep past the limit is refused at once: null instead of the list.
 */
export function readAxes(node: SweepNode, context: CheckContext): readonly (AxisSource | null)[] | null {
  const fields = readFields(node, context);
  if (fields.length === 0) context.report(emptySweep(node.name.span, node.name.text));
  const counted = fields.map((field) => ({ field, name: pathText(field.key), count: countAxis(field, context) }));
  const sizes = counted.flatMap(({ name, count }) => (count === null ? [] : [[name, count] as const]));
  if (sizes.reduce((product, [, size]) => product * BigInt(size), 1n) > BigInt(mostTrials)) {
    context.report(sweepTooLarge(node.name.span, node.name.text, sizes));
    return null;
  }
  return counted.map(({ field, name, count }) => {
    const target = readAxisName(field, context);
    if (target === null || count === null) return null;
    return { name, target, field, values: field.values.flatMap(expandValues) };
  });
}

/** The fields of a sweep, each name once. */
function readFields(node: SweepNode, context: CheckContext): readonly FieldNode[] {
  const fields = new Map<string, FieldNode>();
  for (const entry of node.block.entries) {
    const field = readField(entry, context);
    if (field === null) continue;
    const name = pathText(field.key);
    const first = fields.get(name);
    if (first === undefined) fields.set(name, field);
    else context.report(duplicateField(field.key.span, name, first.key.span));
  }
  return [...fields.values()];
}

function readField(entry: EntryNode, context: CheckContext): FieldNode | null {
  if (entry.kind === "field") return entry;
  if (entry.kind === "section") {
    context.report(notSupportedYet(entry.name.span, `the block \`${entry.name.text} { ... }\` in a sweep`));
  }
  return null;
}

/** Reads the key of a sweep's field; null after reporting that it names no axis. */
function readAxisName(field: FieldNode, context: CheckContext): AxisName | null {
  const [first, second, third] = field.key.parts;
  if (first === undefined) return null;
  const role = roles.find((known) => known === first.text);
  if (second === undefined && role !== undefined) return { kind: "role", role };
  if (second === undefined && first.text === "seed") return { kind: "seed" };
  if (second === undefined && first.text === "protocol") return { kind: "preset" };
  if (second !== undefined && role !== undefined) {
    if (third === undefined) return { kind: "param", role, param: second };
    context.report(notSupportedYet(field.key.span, `the axis \`${pathText(field.key)}\``));
    return null;
  }
  const known = second === undefined ? [...roles, "seed", "protocol"] : roles.map((known) => `${known}.${second.text}`);
  context.report(unknownAxis({ span: field.key.span, word: pathText(field.key), known }));
  return null;
}

function countAxis(field: FieldNode, context: CheckContext): number | null {
  let total: number | null = 0;
  for (const value of field.values) {
    const count = countValues(value, context.report);
    total = total === null || count === null ? null : total + count;
  }
  if (total === 0) context.report(emptyAxis(field.key.span, pathText(field.key)));
  return total === 0 ? null : total;
}
