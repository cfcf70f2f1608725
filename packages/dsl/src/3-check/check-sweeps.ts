import type { SweepNode } from "../2-ast/ast.ts";
import type { OpSignature, Role } from "../signature/signature.ts";
import { checkParamAxis, checkProtocolAxis, checkRoleAxis, checkSeedAxis, opsOfAxis } from "./check-axis.ts";
import { checkException, checkOverride } from "./check-conditions.ts";
import type { CheckContext } from "./check-context.ts";
import type { DeclarationTable } from "./check-declarations.ts";
import type { CheckedAxis, CheckedSweep } from "./checked-program.ts";
import { impliedAxes } from "./implied-axes.ts";
import { readAxes, type AxisSource } from "./read-axes.ts";
import type { SweepScope } from "./sweep-scope.ts";

/** Checks one sweep: its size, its axes, then `where` and `except`. Null where something is wrong with an axis (reported). */
export function checkSweep(
  node: SweepNode,
  declarations: DeclarationTable,
  context: CheckContext,
): CheckedSweep | null {
  const sources = readAxes(node, context);
  if (sources === null) return null;
  const sweep = node.name.text;
  const axisOfRole = checkRoleAxes(sources, declarations, context);
  const opsOf = (role: Role): readonly OpSignature[] | null => {
    const axis = axisOfRole.get(role);
    // Without an axis of the role, only the companions are known; the missing axis is told where a table needs it.
    if (axis === undefined) return context.signatures.companions.filter((companion) => companion.role === role);
    return axis === null ? null : opsOfAxis(axis, declarations, context);
  };
  const axes = sources.map((source): CheckedAxis | null => {
    if (source === null) return null;
    const { target } = source;
    if (target.kind === "role") return axisOfRole.get(target.role) ?? null;
    if (target.kind === "seed") return checkSeedAxis(source, context);
    if (target.kind === "preset") return checkProtocolAxis(source, context);
    const ops = opsOf(target.role);
    return ops === null ? null : checkParamAxis(source, { ...target, ops, sweep }, context);
  });
  const scope: SweepScope = { sweep, axes, opsOf, context };
  const overrides = node.block.entries.map((entry) => (entry.kind === "where" ? checkOverride(entry, scope) : null));
  const exceptions = node.block.entries.map((entry) => (entry.kind === "except" ? checkException(entry, scope) : null));
  const whole = axes.filter((axis) => axis !== null);
  if (whole.length !== axes.length) return null;
  const written: CheckedSweep = {
    name: sweep,
    axes: whole,
    overrides: overrides.filter((override) => override !== null),
    exceptions: exceptions.filter((exception) => exception !== null),
    span: node.name.span,
  };
  const implied = impliedAxes(written, { declarations: declarations.all, opsOf });
  return { ...written, axes: [...whole, ...implied] };
}

/** The axes of roles, checked before the others, whose parameters depend on them. */
function checkRoleAxes(
  sources: readonly (AxisSource | null)[],
  declarations: DeclarationTable,
  context: CheckContext,
): ReadonlyMap<Role, CheckedAxis | null> {
  const axes = new Map<Role, CheckedAxis | null>();
  for (const source of sources) {
    if (source?.target.kind !== "role") continue;
    const { role } = source.target;
    axes.set(role, checkRoleAxis(source, role, { declarations, context }));
  }
  return axes;
}
