import type { IdleCase, OpSignature, ParamValue, Role, SeedSpec } from "../signature/signature.ts";
import { roles } from "../signature/signature-index.ts";
import type { CheckedAxis, CheckedDeclaration, CheckedSweep, ParamTarget } from "./checked-program.ts";
import { conditionHolds } from "./condition-holds.ts";

interface ImpliedOptions {
  readonly declarations: readonly CheckedDeclaration[];
  /** The ops whose parameters a sweep may set, by role; null where the role's axis has a mistake. */
  readonly opsOf: (role: Role) => readonly OpSignature[] | null;
}

/**
 * The axes that a sweep has without writing them: a seed that asks for repeats (`draw` of few-shot examples) takes its first
 * values wherever it means anything and the program leaves it open; of several data sets, for those alone that do not write it.
 * One draw of few examples says nothing.
 */
export function impliedAxes(sweep: CheckedSweep, { declarations, opsOf }: ImpliedOptions): readonly CheckedAxis[] {
  return roles.flatMap((role) =>
    (opsOf(role) ?? []).flatMap((op) =>
      Object.entries(op.params).flatMap(([param, spec]): readonly CheckedAxis[] => {
        if (spec.type !== "seed" || spec.repeats === undefined) return [];
        const name = `${role}.${param}`;
        const all = declarationsOn(role, sweep, declarations);
        const open = all.filter(({ settings }) => !Object.hasOwn(settings, param));
        const isAxis = sweep.axes.some((axis) => axis.name === name);
        if (isAxis || (open.length === 0 && all.length > 0)) return [];
        const valuesOf = (other: string): readonly ParamValue[] =>
          possibleValues({ role, param: other, op, sweep, declarations: open });
        return meansAnything(spec, valuesOf) ? [repeatAxis({ role, param }, spec.repeats, sweep)] : [];
      }),
    ),
  );
}

interface SetScope {
  readonly sweep: CheckedSweep;
  /** The position of the value on each axis of the sweep. */
  readonly choice: readonly number[];
  readonly declarationOf: (role: Role) => CheckedDeclaration | undefined;
}

/** Whether an implied axis is none for a trial, since its declaration or a `where` sets the parameter. */
export function isSetApart(
  { isImplied, role, param }: ParamTarget,
  { sweep, choice, declarationOf }: SetScope,
): boolean {
  if (isImplied !== true) return false;
  if (Object.hasOwn(declarationOf(role)?.settings ?? {}, param)) return true;
  return sweep.overrides.some(
    ({ condition, settings }) =>
      settings.some((setting) => setting.role === role && setting.param === param) && conditionHolds(condition, choice),
  );
}

function repeatAxis(
  place: { readonly role: Role; readonly param: string },
  repeats: number,
  { span }: CheckedSweep,
): CheckedAxis {
  const values = Array.from({ length: repeats }, (_, value) => ({
    kind: "setting" as const,
    label: value,
    value,
    span,
  }));
  const target = { kind: "param", ...place, isSeed: true, isImplied: true } as const;
  return { name: `${place.role}.${place.param}`, target, values, span };
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

interface Place {
  readonly role: Role;
  readonly param: string;
  readonly op: OpSignature;
  readonly sweep: CheckedSweep;
  /** Those of the role that the trials may have. */
  readonly declarations: readonly CheckedDeclaration[];
}

/** Every value that a parameter may take in the sweep's trials. */
function possibleValues({ role, param, op, sweep, declarations }: Place): ParamValue[] {
  const axis = sweep.axes.find(({ name }) => name === `${role}.${param}`);
  const overridden = sweep.overrides.flatMap(({ settings }) =>
    settings.flatMap((setting) => (setting.role === role && setting.param === param ? [setting.value] : [])),
  );
  if (axis !== undefined) {
    return [...overridden, ...axis.values.flatMap((value) => (value.kind === "setting" ? [value.value] : []))];
  }
  const spec = op.params[param];
  const fallback = spec !== undefined && "default" in spec ? (spec.default ?? null) : null;
  const written = declarations.map(({ settings }) =>
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
