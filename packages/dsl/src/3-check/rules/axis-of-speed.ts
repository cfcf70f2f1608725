import { axisOfSpeed } from "../../diagnostics/catalog-protocol.ts";
import { findSpecs } from "../param-specs.ts";
import { opsOfDeclaration } from "../../signature/signature-index.ts";
import type { CheckedAxis } from "../checked-program.ts";
import type { Rule, RuleSubject } from "./rule.ts";

/** A parameter that changes no number is nothing to compare numbers by. */
export const noAxisOfSpeed: Rule = (subject) => {
  if (!subject.isWhole) return;
  for (const sweep of subject.program.sweeps) {
    for (const axis of sweep.axes) {
      if (axis.values.length > 1 && changesNothing(axis, sweep.axes, subject))
        subject.context.report(axisOfSpeed(axis.span, axis.name));
    }
  }
};

function changesNothing(
  { target }: CheckedAxis,
  axes: readonly CheckedAxis[],
  { program, context }: RuleSubject,
): boolean {
  if (target.kind !== "param") return false;
  const values = axes.flatMap((axis) =>
    axis.target.kind === "role" && axis.target.role === target.role ? axis.values : [],
  );
  const ops = values.flatMap((value) => {
    const op = value.kind === "declaration" ? program.declarations[value.declaration]?.op : undefined;
    const constructor = context.signatures.constructors.get(op ?? "");
    return constructor === undefined ? [] : opsOfDeclaration(context.signatures, constructor);
  });
  const specs = findSpecs(ops, target.param);
  return specs.length > 0 && specs.every(({ spec }) => spec.semantic === false);
}
