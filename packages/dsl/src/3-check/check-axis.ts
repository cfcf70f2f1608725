import type { NameNode, ValueNode } from "../2-ast/ast.ts";
import { notOfRole, splitIsWired, unknownChoice } from "../diagnostics/catalog-check.ts";
import { axisWithoutParam, duplicateValue } from "../diagnostics/catalog-sweep.ts";
import { ownProtocol } from "../signature/preset.ts";
import type { OpSignature, Role } from "../signature/signature.ts";
import { opsOfDeclaration } from "../signature/signature-index.ts";
import { canonicalJson } from "../text/canonical-json.ts";
import type { CheckContext } from "./check-context.ts";
import { readDeclarationValue, type DeclarationTable } from "./check-declarations.ts";
import { checkSetting } from "./check-setting.ts";
import type { AxisTarget, AxisValue, CheckedAxis, Setting } from "./checked-program.ts";
import { describeValue } from "./describe.ts";
import { findSpecs, settableParams, type OwnedSpec } from "./param-specs.ts";
import type { AxisSource } from "./read-axes.ts";
import { valueText } from "./value-text.ts";

/** The values of a `dataset`, `backbone` or `head` axis; null after reporting. */
export function checkRoleAxis(
  source: AxisSource,
  role: Role,
  checking: { readonly declarations: DeclarationTable; readonly context: CheckContext },
): CheckedAxis | null {
  const { declarations, context } = checking;
  const values = source.values.map((node): AxisValue | null => {
    const parts = readDeclarationValue(node);
    if (parts === null) {
      context.report(notOfRole(node.span, role, describeValue(node)));
      return null;
    }
    const isDeclared = node.kind === "reference" && context.names.named.has(parts.name.text);
    const label = valueText(node);
    const declaration = isDeclared
      ? declarations.findNamed(parts.name, role)
      : declarations.addInline(node, role, label);
    return declaration === null ? null : { kind: "declaration", label, declaration, span: node.span };
  });
  return completeAxis(source, { kind: "role", role }, { values, context });
}

/** The values of a `seed` axis; null after reporting. */
export function checkSeedAxis(source: AxisSource, context: CheckContext): CheckedAxis | null {
  const specs: readonly OwnedSpec[] = [{ op: "seed", spec: { type: "seed", summary: "" } }];
  return completeAxis(source, { kind: "seed" }, { values: checkSettings(source, specs, context), context });
}

/** The values of a `protocol` axis: names of published protocols, and the word for our own; null after reporting. */
export function checkProtocolAxis(source: AxisSource, context: CheckContext): CheckedAxis | null {
  const known = [ownProtocol, ...context.presets.keys()];
  const values = source.values.map((node): AxisValue | null => {
    const label = valueText(node);
    if (node.kind === "reference" && known.includes(label)) {
      return { kind: "preset", label, preset: context.presets.get(label) ?? null, span: node.span };
    }
    context.report(unknownChoice({ span: node.span, word: label, known }, source.name));
    return null;
  });
  return completeAxis(source, { kind: "preset" }, { values, context });
}

/** The values of a `role.param` axis, right for every op of the sweep that has the parameter; null after reporting. */
export function checkParamAxis(
  source: AxisSource,
  owner: {
    readonly role: Role;
    readonly param: NameNode;
    readonly ops: readonly OpSignature[];
    readonly sweep: string;
  },
  context: CheckContext,
): CheckedAxis | null {
  const specs = findSweepSpecs(owner, context);
  if (specs === null) return null;
  const { role, param } = owner;
  const isSeed = specs.every(({ spec }) => spec.type === "seed");
  const target: AxisTarget = { kind: "param", role, param: param.text, isSeed };
  return completeAxis(source, target, { values: checkSettings(source, specs, context), context });
}

/** The specs of `role.param` among the ops of a sweep; null after reporting that none has it. */
export function findSweepSpecs(
  owner: {
    readonly role: Role;
    readonly param: NameNode;
    readonly ops: readonly OpSignature[];
    readonly sweep: string;
  },
  context: CheckContext,
): readonly OwnedSpec[] | null {
  const { role, param, ops, sweep } = owner;
  const specs = findSpecs(ops, param.text);
  if (specs.length === 0) {
    const known = settableParams(ops).map((name) => `${role}.${name}`);
    context.report(axisWithoutParam({ span: param.span, word: `${role}.${param.text}`, known }, sweep));
    return null;
  }
  if (!specs.some(({ spec }) => spec.type === "split")) return specs;
  context.report(splitIsWired(param.span, param.text));
  return null;
}

/** The ops whose parameters `role.param` may mean in a sweep: the constructors on its axis of the role, and the companions. */
export function opsOfAxis(
  axis: CheckedAxis,
  declarations: DeclarationTable,
  context: CheckContext,
): readonly OpSignature[] {
  const ops = axis.values.flatMap((value) => {
    const constructor = value.kind === "declaration" ? declarations.constructorOf(value.declaration) : null;
    return constructor === null ? [] : opsOfDeclaration(context.signatures, constructor);
  });
  return [...new Set(ops)];
}

/** How a setting on an axis is shown: numbers, words and flags as they are, anything else as written. */
function labelOf(value: Setting["value"], node: ValueNode): string | number | boolean {
  // A word that stands for a number (`all`, `none`) says more than the number.
  if (node.kind === "reference" && typeof value === "number") return valueText(node);
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
  if (node.kind === "string") return node.raw;
  return valueText(node);
}

function checkSettings(
  source: AxisSource,
  specs: readonly OwnedSpec[],
  context: CheckContext,
): readonly (AxisValue | null)[] {
  return source.values.map((node) => {
    const setting = checkSetting(node, { name: source.name, specs }, context);
    return setting === null ? null : { kind: "setting", label: labelOf(setting.value, node), ...setting };
  });
}

function completeAxis(
  source: AxisSource,
  target: AxisTarget,
  found: { readonly values: readonly (AxisValue | null)[]; readonly context: CheckContext },
): CheckedAxis | null {
  const values = found.values.filter((value) => value !== null);
  const firsts = new Map<string, AxisValue>();
  for (const value of values) {
    const key = value.kind === "setting" ? canonicalJson(value.value) : value.label;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, value);
    else {
      const label = String(value.label);
      found.context.report(duplicateValue(value.span, source.name, { label, first: first.span }));
    }
  }
  if (values.length !== found.values.length) return null;
  return { name: source.name, target, values, span: source.field.key.span };
}
