import type { BlockNode, ExceptNode, FieldNode, ValueNode, WhereNode } from "../2-ast/ast.ts";
import { misplaced, severalValues } from "../diagnostics/catalog-check.ts";
import { noAxis, notASetting, notOnAxis, overridesAxis } from "../diagnostics/catalog-sweep.ts";
import type { ParamSpec } from "../signature/signature.ts";
import { roles } from "../signature/signature-index.ts";
import { canonicalJson } from "../text/canonical-json.ts";
import { findSweepSpecs } from "./check-axis.ts";
import { checkSetting, silently } from "./check-setting.ts";
import type {
  CheckedAxis,
  CheckedCondition,
  CheckedException,
  CheckedOverride,
  OverrideSetting,
} from "./checked-program.ts";
import { expandBoundedValues } from "./expand-values.ts";
import type { OwnedSpec } from "./param-specs.ts";
import type { SweepScope } from "./sweep-scope.ts";
import { pathText, valueText } from "./value-text.ts";

/** Checks `except { ... }`; null after reporting. */
export function checkException(node: ExceptNode, scope: SweepScope): CheckedException | null {
  const condition = checkCondition(node.condition, scope);
  return condition === null ? null : { condition, span: wordSpan(node, "except") };
}

/** Checks `where { ... } { ... }`; null after reporting. */
export function checkOverride(node: WhereNode, scope: SweepScope): CheckedOverride | null {
  const condition = checkCondition(node.condition, scope);
  const settings = readFields(node.settings, "the settings of `where`", scope).map((field) =>
    checkOverrideSetting(field, scope),
  );
  const whole = settings.filter((setting) => setting !== null);
  if (condition === null || whole.length !== settings.length) return null;
  return { condition, settings: whole, span: wordSpan(node, "where") };
}

/** Null where a condition has a mistake, or stands on an axis that has one. */
function checkCondition(block: BlockNode, scope: SweepScope): CheckedCondition | null {
  const found = readFields(block, "a condition", scope).map((field) => {
    const name = pathText(field.key);
    const axis = scope.axes.findIndex((candidate) => candidate?.name === name);
    const checked = scope.axes[axis] ?? null;
    if (checked !== null) {
      const values = findValues(field, checked, scope);
      return values === null ? null : { axis, values };
    }
    // While an axis is broken, a name that no whole axis has may be its.
    if (!scope.axes.includes(null)) {
      const known = scope.axes.flatMap((candidate) => (candidate === null ? [] : [candidate.name]));
      scope.context.report(noAxis({ span: field.key.span, word: name, known }, scope.sweep));
    }
    return null;
  });
  const whole = found.filter((part) => part !== null);
  return whole.length === found.length ? whole : null;
}

/** The positions of the values that a condition lists on an axis; null after reporting one that is not on it. */
function findValues(field: FieldNode, axis: CheckedAxis, scope: SweepScope): readonly number[] | null {
  const specs = isOfLabels(axis) ? [] : specsOfAxis(axis, scope);
  const positions: number[] = [];
  let isWhole = true;
  for (const written of field.values) {
    const nodes = expandBoundedValues(written, scope.context.report);
    for (const node of nodes ?? []) {
      const position = findValue(node, axis, { specs, scope });
      if (position >= 0) positions.push(position);
      else {
        const known = axis.values.map((value) => String(value.label));
        scope.context.report(notOnAxis({ span: node.span, word: valueText(node), known }, axis.name));
      }
      isWhole &&= position >= 0;
    }
    isWhole &&= nodes !== null;
  }
  return isWhole ? positions : null;
}

function findValue(
  node: ValueNode,
  axis: CheckedAxis,
  { specs, scope }: { readonly specs: readonly OwnedSpec[]; readonly scope: SweepScope },
): number {
  if (isOfLabels(axis)) {
    const text = valueText(node);
    return axis.values.findIndex((value) => value.label === text);
  }
  const setting = checkSetting(node, { name: axis.name, specs }, { ...scope.context, report: silently });
  if (setting === null) return -1;
  const text = canonicalJson(setting.value);
  return axis.values.findIndex((value) => value.kind === "setting" && canonicalJson(value.value) === text);
}

/** Whether the axis' values are told by how they are written. */
function isOfLabels({ target }: CheckedAxis): boolean {
  return target.kind === "role" || target.kind === "preset";
}

const seedSpec: ParamSpec = { type: "seed", summary: "the seed axis" };

function specsOfAxis({ target, name, span }: CheckedAxis, scope: SweepScope): readonly OwnedSpec[] {
  if (target.kind !== "param") return [{ op: name, spec: seedSpec }];
  const ops = scope.opsOf(target.role) ?? [];
  const owner = { role: target.role, param: { text: target.param, span }, ops, sweep: scope.sweep };
  return findSweepSpecs(owner, { ...scope.context, report: silently }) ?? [];
}

function checkOverrideSetting(field: FieldNode, scope: SweepScope): OverrideSetting | null {
  const { context, sweep } = scope;
  const name = pathText(field.key);
  const [first, param, ...inner] = field.key.parts;
  const role = roles.find((known) => known === first?.text);
  const [value, ...more] = field.values;
  if (role === undefined || param === undefined || inner.length > 0 || value === undefined) {
    context.report(notASetting(field.key.span, name));
    return null;
  }
  if (more.length > 0) {
    context.report(severalValues(field.span, name));
    return null;
  }
  const ops = scope.opsOf(role);
  const specs = ops === null ? null : findSweepSpecs({ role, param, ops, sweep }, context);
  if (specs === null) return null;
  const isSeed = specs.some(({ spec }) => spec.type === "seed" && spec.broadcast !== false);
  const axis = scope.axes.find((known) => known?.name === name || (isSeed && known?.target.kind === "seed"));
  if (axis) {
    context.report(overridesAxis(field.key.span, name, axis));
    return null;
  }
  const setting = checkSetting(value, { name, specs }, context);
  return setting === null ? null : { role, param: param.text, ...setting };
}

function readFields(block: BlockNode, place: string, scope: SweepScope): readonly FieldNode[] {
  return block.entries.flatMap((entry) => {
    if (entry.kind === "field") return [entry];
    const word = entry.kind === "section" ? entry.name.text : entry.kind;
    scope.context.report(misplaced(entry.span, `the block \`${word} { ... }\``, place));
    return [];
  });
}

/** The span of the word that a node begins with. */
function wordSpan({ span }: WhereNode | ExceptNode, word: string): WhereNode["span"] {
  return { ...span, end: span.start + word.length };
}
