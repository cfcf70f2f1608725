import type { ValueNode } from "../2-ast/ast.ts";
import { twoMeanings } from "../diagnostics/catalog-check.ts";
import { canonicalJson } from "../text/canonical-json.ts";
import type { CheckContext, Report } from "./check-context.ts";
import type { Setting } from "./checked-program.ts";
import { checkValue } from "./check-value.ts";
import type { OwnedSpec } from "./param-specs.ts";

/**
 * A value for a parameter that several ops may have under one name: it must be right for each of them, and mean the
 * same in each. Null after reporting what is wrong; one mistake is told once.
 */
export function checkSetting(
  node: ValueNode,
  target: { readonly name: string; readonly specs: readonly OwnedSpec[] },
  context: CheckContext,
): Setting | null {
  const { name, specs } = target;
  let first: { readonly setting: Setting; readonly text: string; readonly op: string } | null = null;
  for (const { op, spec } of distinctSpecs(specs)) {
    const value = checkValue(node, { name, spec }, context);
    if (value === undefined) return null;
    const text = canonicalJson(value);
    if (first !== null && first.text !== text) {
      context.report(twoMeanings(node.span, name, [first.op, op]));
      return null;
    }
    first ??= { setting: { value, span: node.span }, text, op };
  }
  return first?.setting ?? null;
}

/** A report that is thrown away, for trying what a value would mean. */
export const silently: Report = () => undefined;

function distinctSpecs(specs: readonly OwnedSpec[]): readonly OwnedSpec[] {
  if (specs.length < 2) return specs;
  return [...new Map(specs.map((owned) => [canonicalJson({ ...owned.spec, summary: "" }), owned] as const)).values()];
}
