import type { IdleCase, OpSignature, ParamValue, Role, SeedSpec } from "../signature/signature.ts";
import { roles } from "../signature/signature-index.ts";
import type { CheckedAxis, CheckedDeclaration, CheckedSweep } from "./checked-program.ts";

interface ImpliedOptions {
  readonly declarations: readonly CheckedDeclaration[];
  /** The ops whose parameters a sweep may set, by role; null where the role's axis has a mistake. */
  readonly opsOf: (role: Role) => readonly OpSignature[] | null;
}

/**
 * The axes that a sweep has without writing them: a seed that asks for repeats (`draw` of few-shot examples) takes its first
 * values wherever it means anything and the program leaves it open. One draw of few examples says nothing.
 */
export function impliedAxes(sweep: CheckedSweep, { declarations, opsOf }: ImpliedOptions): readonly CheckedAxis[] {
  return roles.flatMap((role) =>
    (opsOf(role) ?? []).flatMap((op) =>
      Object.entries(op.params).flatMap(([param, spec]): readonly CheckedAxis[] => {
        if (spec.type !== "seed" || spec.repeats === undefined) return [];
        const valuesOf = (name: string): readonly ParamValue[] =>
          possibleValues({ role, param: name, op, sweep, declarations });
        const isOpen = isUnset({ role, param, sweep, declarations });
        return isOpen && meansAnything(spec, valuesOf) ? [repeatAxis(`${role}.${param}`, spec.repeats, sweep)] : [];
      }),
    ),
  );
}

function repeatAxis(name: string, repeats: number, { span }: CheckedSweep): CheckedAxis {
  const [role, param] = name.split(".") as [Role, string];
  const values = Array.from({ length: repeats }, (_, value) => ({
    kind: "setting" as const,
    label: value,
    value,
    span,
  }));
  return { name, target: { kind: "param", role, param, isSeed: true }, values, span };
}

interface Place {
  readonly role: Role;
  readonly param: string;
  readonly sweep: CheckedSweep;
  readonly declarations: readonly CheckedDeclaration[];
}

function isUnset({ role, param, sweep, declarations }: Place): boolean {
  const name = `${role}.${param}`;
  const isAxis = sweep.axes.some((axis) => axis.name === name);
  const isOverridden = sweep.overrides.some(({ settings }) =>
    settings.some((setting) => setting.role === role && setting.param === param),
  );
  return (
    !isAxis && !isOverridden && declarationsOn(role, sweep, declarations).every(({ settings }) => !(param in settings))
  );
}

/** Whether there may be a trial in which the parameter is not idle. */
function meansAnything({ idleWhere = [] }: SeedSpec, valuesOf: (param: string) => readonly ParamValue[]): boolean {
  const alwaysHolds = (idle: IdleCase): boolean =>
    Object.entries(idle).every(([param, idleValues]) => {
      const values = param === "split" ? ["train"] : valuesOf(param);
      return values.every((value) => idleValues.some((idleValue) => idleValue === value));
    });
  return !idleWhere.some(alwaysHolds);
}

/** Every value that a parameter may take in the sweep's trials. */
function possibleValues({ role, param, op, sweep, declarations }: Place & { readonly op: OpSignature }): ParamValue[] {
  const axis = sweep.axes.find(({ name }) => name === `${role}.${param}`);
  const overridden = sweep.overrides.flatMap(({ settings }) =>
    settings.flatMap((setting) => (setting.role === role && setting.param === param ? [setting.value] : [])),
  );
  if (axis !== undefined) {
    return [...overridden, ...axis.values.flatMap((value) => (value.kind === "setting" ? [value.value] : []))];
  }
  const spec = op.params[param];
  const fallback = spec !== undefined && "default" in spec ? (spec.default ?? null) : null;
  const written = declarationsOn(role, sweep, declarations).map(({ settings }) =>
    Object.hasOwn(settings, param) ? settings[param]!.value : fallback,
  );
  return [...overridden, ...(written.length === 0 ? [fallback] : written)];
}

function declarationsOn(
  role: Role,
  { axes }: CheckedSweep,
  declarations: readonly CheckedDeclaration[],
): readonly CheckedDeclaration[] {
  const values = axes.find(({ target }) => target.kind === "role" && target.role === role)?.values ?? [];
  return values.flatMap((value) => (value.kind === "declaration" ? (declarations[value.declaration] ?? []) : []));
}
