import type {
  AxisLabel,
  CheckedAxis,
  CheckedDeclaration,
  CheckedProgram,
  CheckedSearch,
  CheckedSweep,
  PresetAxisValue,
  Setting,
} from "../3-check/checked-program.ts";
import { conditionHolds } from "../3-check/condition-holds.ts";
import { isSetApart } from "../3-check/implied-axes.ts";
import { searchUnder } from "../3-check/search-under.ts";
import { axisNeverApplies, matchesNothing, noTrialLeft, settingNeverApplies } from "../diagnostics/catalog-sweep.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Preset } from "../signature/preset.ts";
import type { ExampleSelection, Role } from "../signature/signature.ts";
import type { WiredOp, Wiring } from "./wiring.ts";
import { isSwitchFor } from "../signature/preset.ts";

/** One point of a sweep: a value per axis, and what `where` changes for it. */
export interface Trial {
  readonly sweep: CheckedSweep;
  /** The position of the value on each axis of the sweep; `notApplicable` where the trial has no such parameter. */
  readonly choice: readonly number[];
  /** Positions in `CheckedProgram.declarations`. */
  readonly declarations: Readonly<Partial<Record<Role, number>>>;
  /** What axes and `where` set, by `role.param`. */
  readonly settings: ReadonlyMap<string, Setting>;
  /** The value of a bare `seed` axis. */
  readonly seed: Setting | null;
  /** The published protocol whose switches are among the settings. */
  readonly preset: Preset | null;
  /** The search of the head, under that protocol. */
  readonly search: CheckedSearch | null;
  readonly wiring: TrialWiring;
  readonly stage: Stage;
}

/** Where a trial stands in the search of its head; a trial without a search has the plain stage alone. */
export interface Stage {
  /** What the head learns from in place of the training split. */
  readonly learnsFrom: ExampleSelection;
  /** The position of the task whose choice sets the searched parameters. */
  readonly choice: number | null;
  /** What the stage sets, by `role.param`, that tells its tasks apart: the values of a point. */
  readonly point: readonly (readonly [name: string, setting: Setting])[];
}

const plainStage: Stage = { learnsFrom: "train", choice: null, point: [] };

const notApplicable = -1;

/** The wiring of a trial's constructors and the parameters that reach a metric through it. */
export interface TrialWiring {
  readonly wiring: Wiring;
  readonly settable: ReadonlySet<string>;
  readonly seeds: ReadonlySet<string>;
}

/** How a trial's value on an axis is shown; null where the axis is not the sweep's or does not apply. */
export function labelOnAxis(trial: Trial, axis: string): AxisLabel {
  const position = trial.sweep.axes.findIndex((candidate) => candidate.name === axis);
  return position < 0 ? null : labelAt(trial, position);
}

/** The same by the axis' position in the sweep. */
export function labelAt(trial: Trial, axis: number): AxisLabel {
  return trial.sweep.axes[axis]?.values[trial.choice[axis] ?? notApplicable]?.label ?? null;
}

/** Whether the bare `seed` axis sets anything that the op's answer depends on. */
export function dependsOnSeed(op: WiredOp, trial: Trial): boolean {
  for (const seed of op.seeds) if (!trial.settings.has(seed)) return true;
  return false;
}

interface ExpandOptions {
  readonly program: CheckedProgram;
  readonly wire: (declarations: Trial["declarations"]) => TrialWiring;
  readonly report: (diagnostic: Diagnostic) => void;
}

/**
 * The trials of a sweep, the last axis fastest. An axis whose parameter no op of a trial has collapses to one trial;
 * `except` removes trials after that, and `where` changes those that are left. An axis, `where` or `except` that does
 * nothing at all is reported.
 */
export function expandSweep(sweep: CheckedSweep, { program, wire, report }: ExpandOptions): readonly Trial[] {
  const use = {
    axes: new Set<number>(),
    exceptions: new Set<number>(),
    overrides: new Set<number>(),
    settings: new Set<string>(),
  };
  const trials: Trial[] = [];
  for (const point of points(sweep.axes.map((axis) => axis.values.length))) {
    const declarations = bindDeclarations(sweep, point);
    const declarationOf = (role: Role): CheckedDeclaration | undefined =>
      program.declarations[declarations[role] ?? -1];
    const wiring = wire(declarations);
    const choice = collapse(sweep, point, { wiring, declarationOf });
    if (choice === null) continue;
    choice.forEach((value, axis) => value !== notApplicable && use.axes.add(axis));
    if (isExcepted(sweep, choice, use.exceptions)) continue;
    trials.push({
      sweep,
      choice,
      declarations,
      wiring,
      stage: plainStage,
      ...applySettings(sweep, choice, { wiring, use, declarationOf }),
    });
  }
  reportIdle(sweep, { ...use, isEmpty: trials.length === 0 }, report);
  return trials;
}

/** Every combination of positions, the last one fastest. */
function* points(sizes: readonly number[]): Generator<readonly number[]> {
  const point = sizes.map(() => 0);
  for (;;) {
    yield [...point];
    let axis = sizes.length - 1;
    while (axis >= 0 && (point[axis] ?? 0) + 1 >= (sizes[axis] ?? 0)) point[axis--] = 0;
    if (axis < 0) return;
    point[axis] = (point[axis] ?? 0) + 1;
  }
}

function bindDeclarations({ axes }: CheckedSweep, point: readonly number[]): Trial["declarations"] {
  const bound: Partial<Record<Role, number>> = {};
  axes.forEach((axis, position) => {
    const value = axis.values[point[position] ?? 0];
    if (axis.target.kind === "role" && value?.kind === "declaration") bound[axis.target.role] = value.declaration;
  });
  return bound;
}

/** The point with `notApplicable` on axes that the trial has no use for; null for all but the first of such points. */
function collapse(
  sweep: CheckedSweep,
  point: readonly number[],
  { wiring, declarationOf }: BoundScope,
): readonly number[] | null {
  const { axes } = sweep;
  const keep = (isKept: (axis: CheckedAxis) => boolean): readonly number[] =>
    point.map((value, position) => (isKept(axes[position]!) ? value : notApplicable));
  const applying = (axis: CheckedAxis): boolean => applies(axis, axes, wiring);
  const scope = { sweep, choice: keep(applying), declarationOf };
  const choice = keep((axis) => applying(axis) && !(axis.target.kind === "param" && isSetApart(axis.target, scope)));
  return point.some((value, position) => value > 0 && choice[position] === notApplicable) ? null : choice;
}

function applies(
  { target, name }: CheckedAxis,
  axes: readonly CheckedAxis[],
  { settable, seeds }: TrialWiring,
): boolean {
  if (target.kind === "role" || target.kind === "preset") return true;
  if (target.kind === "param") return settable.has(name);
  // A seed that has an axis of its own is not set by the bare `seed` axis.
  return [...seeds].some((seed) => !axes.some((axis) => axis.name === seed));
}

function isExcepted(sweep: CheckedSweep, choice: readonly number[], used: Set<number>): boolean {
  let found = false;
  sweep.exceptions.forEach(({ condition }, position) => {
    if (!conditionHolds(condition, choice)) return;
    used.add(position);
    found = true;
  });
  return found;
}

function applySettings(
  { axes, overrides }: CheckedSweep,
  choice: readonly number[],
  { wiring, use, declarationOf }: SettingScope,
): Pick<Trial, "settings" | "seed" | "preset" | "search"> {
  const settings = new Map<string, Setting>();
  let seed: Setting | null = null;
  axes.forEach(({ target, name, values }, position) => {
    const value = values[choice[position] ?? notApplicable];
    if (value?.kind !== "setting") return;
    if (target.kind === "seed") seed = value;
    else settings.set(name, value);
  });
  overrides.forEach(({ condition, settings: changed }, position) => {
    if (!conditionHolds(condition, choice)) return;
    use.overrides.add(position);
    changed.forEach((setting, index) => {
      const name = `${setting.role}.${setting.param}`;
      if (!wiring.settable.has(name)) return;
      use.settings.add(`${String(position)}:${String(index)}`);
      settings.set(name, setting);
    });
  });
  const protocol = axes
    .map(({ values }, position) => values[choice[position] ?? notApplicable])
    .find((value) => value?.kind === "preset");
  const preset = protocol?.preset ?? null;
  const isSet = (param: string): boolean => settings.has(`head.${param}`);
  const search = searchUnder(declarationOf("head"), { preset, constructor: wiring.wiring.constructors.head, isSet });
  if (protocol !== undefined) applySwitches(settings, protocol, { wiring, search, declarationOf });
  return { settings, seed, preset, search };
}

/** A protocol's switches, where the trial has the parameter and the program leaves it open. */
function applySwitches(
  settings: Map<string, Setting>,
  { preset, span }: PresetAxisValue,
  { wiring, search, declarationOf }: SwitchScope,
): void {
  const { head, backbone } = wiring.wiring.constructors;
  for (const each of preset?.switches ?? []) {
    const { param: name, value } = each;
    const [role, param] = name.split(".") as [Role | "metric", string];
    const written = role === "metric" ? undefined : declarationOf(role)?.settings;
    const isSearched = role === "head" && Object.hasOwn(search?.over ?? {}, param);
    const isWritten = isSearched || Object.hasOwn(written ?? {}, param);
    const owner = role === "metric" ? undefined : wiring.wiring.constructors[role];
    const other = owner?.facts?.onlyWith?.[param];
    // What speaks of a setting that is not there has nothing to say: images with one label have no uncertain flags.
    const isIdle = other !== undefined && !settings.has(`${role}.${other}`) && !Object.hasOwn(written ?? {}, other);
    const isMeant = !isIdle && isSwitchFor(each, { head: head?.name, backbone: backbone?.name });
    if (isMeant && !isWritten && wiring.settable.has(name) && !settings.has(name)) settings.set(name, { value, span });
  }
}

interface BoundScope {
  readonly wiring: TrialWiring;
  readonly declarationOf: (role: Role) => CheckedDeclaration | undefined;
}

interface SettingScope extends BoundScope {
  readonly use: { readonly overrides: Set<number>; readonly settings: Set<string> };
}

interface SwitchScope extends BoundScope {
  readonly search: CheckedSearch | null;
}

interface Use {
  readonly axes: ReadonlySet<number>;
  readonly exceptions: ReadonlySet<number>;
  readonly overrides: ReadonlySet<number>;
  readonly settings: ReadonlySet<string>;
  readonly isEmpty: boolean;
}

function reportIdle(sweep: CheckedSweep, use: Use, report: (diagnostic: Diagnostic) => void): void {
  sweep.axes.forEach((axis, position) => {
    const isImplied = axis.target.kind === "param" && axis.target.isImplied === true;
    if (!use.axes.has(position) && !isImplied) report(axisNeverApplies(axis.span, axis.name, sweep.name));
  });
  sweep.exceptions.forEach((exception, position) => {
    if (!use.exceptions.has(position)) report(matchesNothing(exception.span, "except", sweep.name));
  });
  sweep.overrides.forEach((override, position) => {
    if (!use.overrides.has(position)) {
      report(matchesNothing(override.span, "where", sweep.name));
      return;
    }
    override.settings.forEach((setting, index) => {
      if (use.settings.has(`${String(position)}:${String(index)}`)) return;
      report(settingNeverApplies(setting.span, `${setting.role}.${setting.param}`));
    });
  });
  if (use.isEmpty && sweep.axes.length > 0) report(noTrialLeft(sweep.span, sweep.name));
}
