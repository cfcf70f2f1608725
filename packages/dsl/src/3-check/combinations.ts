import type { Preset } from "../signature/preset.ts";
import type { OpSignature, ParamSpec, ParamValue, Role } from "../signature/signature.ts";
import { isWiredParam, opsOfDeclaration } from "../signature/signature-index.ts";
import type { Span } from "../text/source.ts";
import type { CheckContext } from "./check-context.ts";
import type {
  CheckedAxis,
  CheckedCondition,
  CheckedDeclaration,
  CheckedProgram,
  CheckedSearch,
  CheckedSweep,
  PresetAxisValue,
  Setting,
} from "./checked-program.ts";
import { conditionHolds } from "./condition-holds.ts";
import { isSetApart } from "./implied-axes.ts";
import { lastFitSplits } from "./last-fit-splits.ts";
import { findSpecs } from "./param-specs.ts";
import { searchUnder } from "./search-under.ts";
import { isSwitchFor } from "../signature/preset.ts";

/** What some trials of a sweep share: declarations of roles, and the values of those roles' parameters. */
export interface Combination {
  readonly sweep: CheckedSweep;
  readonly declarations: Readonly<Partial<Record<Role, CheckedDeclaration>>>;
  readonly constructors: Readonly<Partial<Record<Role, OpSignature>>>;
  /** The value of a parameter; null where no op of the role has it, or nothing gives it a value. */
  readonly valueOf: (role: Role, param: string) => FoundValue | null;
  /** The search of the head, under the published protocol. */
  readonly search: CheckedSearch | null;
  /** What the fit that is scored learns from. */
  readonly learnsFrom: "train" | "train+val";
  /** The published protocol that the trials follow; null for our own. */
  readonly preset: Preset | null;
  /** The position of the value on each axis of the sweep; -1 where the axis does not apply or does not matter here. */
  readonly choice: readonly number[];
}

/** A parameter's value and what gave it. */
export interface FoundValue {
  readonly value: ParamValue;
  readonly source: "axis" | "where" | "declaration" | "preset" | "default";
  /** The place that wrote it; null for a default. */
  readonly span: Span | null;
  readonly spec: ParamSpec;
}

interface CombinationSubject {
  readonly program: CheckedProgram;
  readonly context: CheckContext;
}

/**
 * Every combination that the sweep makes of the roles' declarations and parameters, the last axis fastest, as far as
 * `except` leaves it. Axes that say nothing of these roles are left out, and so are seeds, so that there are fewer of them
 * than trials.
 */
export function combinationsOf(
  sweep: CheckedSweep,
  roles: readonly Role[],
  subject: CombinationSubject,
): readonly Combination[] {
  const relevant = relevantAxes(sweep, roles);
  const combinations: Combination[] = [];
  for (const choice of choicesOf(sweep, relevant)) {
    const bound = bind(sweep, choice, subject);
    const isIdle = sweep.axes.map((axis, position) => relevant.has(position) && !applies(axis, bound.ops));
    // An axis that does not apply collapses to one value, as in the trials.
    if (choice.some((value, position) => isIdle[position] === true && value > 0)) continue;
    const kept = choice.map((value, position) => (isIdle[position] === true ? notApplicable : value));
    if (sweep.exceptions.some(({ condition }) => conditionHolds(condition, kept))) continue;
    combinations.push(createCombination(sweep, kept, bound));
  }
  return combinations;
}

/** The same over every sweep of the program. */
export function allCombinations(roles: readonly Role[], subject: CombinationSubject): readonly Combination[] {
  return subject.program.sweeps.flatMap((sweep) => combinationsOf(sweep, roles, subject));
}

const notApplicable = -1;

/** The axes that set something of the roles, and those that conditions on such things hang on. */
function relevantAxes({ axes, overrides, exceptions }: CheckedSweep, roles: readonly Role[]): ReadonlySet<number> {
  const relevant = new Set<number>();
  const add = (position: number): void => {
    relevant.add(position);
    // Whether a parameter applies is told by the declaration of its role.
    const target = axes[position]?.target;
    if (target?.kind === "param") addRole(target.role);
  };
  const addRole = (role: Role): void => {
    axes.forEach(({ target }, position) => target.kind === "role" && target.role === role && relevant.add(position));
  };
  const addCondition = (condition: CheckedCondition): void => condition.forEach(({ axis }) => add(axis));
  axes.forEach(({ target }, position) => {
    // A published protocol may set parameters of any role. Which seed it is says nothing of a protocol.
    const isOfRoles = (target.kind === "role" || target.kind === "param") && roles.includes(target.role);
    if (target.kind === "preset" || (isOfRoles && !isSeedAxis(target))) add(position);
  });
  for (const { condition, settings } of overrides) {
    if (settings.some(({ role }) => roles.includes(role))) addCondition(condition);
  }
  for (const { condition } of exceptions) addCondition(condition);
  return relevant;
}

/** Every combination of positions on the relevant axes. */
function* choicesOf({ axes }: CheckedSweep, relevant: ReadonlySet<number>): Generator<readonly number[]> {
  const sizes = axes.map(({ values }, position) => (relevant.has(position) ? values.length : 1));
  const choice = axes.map((_, position) => (relevant.has(position) ? 0 : notApplicable));
  for (;;) {
    yield [...choice];
    let axis = sizes.length - 1;
    while (axis >= 0 && (!relevant.has(axis) || choice[axis]! + 1 >= sizes[axis]!)) {
      if (relevant.has(axis)) choice[axis] = 0;
      axis--;
    }
    if (axis < 0) return;
    choice[axis]! += 1;
  }
}

interface Bound {
  readonly declarations: Readonly<Partial<Record<Role, CheckedDeclaration>>>;
  readonly constructors: Readonly<Partial<Record<Role, OpSignature>>>;
  readonly ops: Readonly<Partial<Record<Role, readonly OpSignature[]>>>;
}

function bind({ axes }: CheckedSweep, choice: readonly number[], { program, context }: CombinationSubject): Bound {
  const declarations: Partial<Record<Role, CheckedDeclaration>> = {};
  const constructors: Partial<Record<Role, OpSignature>> = {};
  const ops: Partial<Record<Role, readonly OpSignature[]>> = {};
  axes.forEach(({ target, values }, position) => {
    const value = values[choice[position] ?? notApplicable];
    if (target.kind !== "role" || value?.kind !== "declaration") return;
    const declaration = program.declarations[value.declaration];
    const constructor = context.signatures.constructors.get(declaration?.op ?? "");
    if (declaration === undefined || constructor === undefined) return;
    declarations[target.role] = declaration;
    constructors[target.role] = constructor;
    ops[target.role] = opsOfDeclaration(context.signatures, constructor);
  });
  return { declarations, constructors, ops };
}

function applies({ target }: CheckedAxis, ops: Bound["ops"]): boolean {
  return target.kind !== "param" || findSpecs(ops[target.role] ?? [], target.param).length > 0;
}

function isSeedAxis(target: CheckedAxis["target"]): boolean {
  return target.kind === "param" && target.isSeed;
}

function createCombination(sweep: CheckedSweep, choice: readonly number[], bound: Bound): Combination {
  const { declarations, constructors, ops } = bound;
  const protocol = findProtocol(sweep, choice);
  const swept = new Map<string, FoundSetting>();
  sweep.axes.forEach(({ target, name, values }, position) => {
    if (target.kind !== "param" || isSetApart(target, { sweep, choice, declarationOf: (role) => declarations[role] }))
      return;
    // An axis of seeds is left out, and stands for its first one.
    const value = values[target.isSeed ? Math.max(0, choice[position] ?? 0) : (choice[position] ?? notApplicable)];
    if (value?.kind === "setting") swept.set(name, { setting: value, source: "axis" });
  });
  for (const { condition, settings } of sweep.overrides) {
    if (!conditionHolds(condition, choice)) continue;
    for (const setting of settings) swept.set(`${setting.role}.${setting.param}`, { setting, source: "where" });
  }
  const preset = protocol?.preset ?? null;
  const isSet = (param: string): boolean => swept.has(`head.${param}`);
  const search = searchUnder(declarations.head, { preset, constructor: constructors.head, isSet });
  const valueOf = (role: Role, param: string): FoundValue | null => {
    const spec = findSpecs(ops[role] ?? [], param)[0]?.spec;
    if (spec === undefined || isWiredParam(spec)) return null;
    const name = `${role}.${param}`;
    const found =
      swept.get(name) ?? declared(declarations[role], param) ?? switched(protocol, name, { constructors, search });
    if (found !== null) return { value: found.setting.value, span: found.setting.span, source: found.source, spec };
    if (!("default" in spec)) return null;
    return { value: spec.default, span: null, source: "default", spec };
  };
  return {
    ...{ sweep, declarations, constructors, search, preset, valueOf, choice },
    // Asked for by few rules, of many combinations.
    get learnsFrom() {
      return lastFitSplits({
        ...{ search, preset, constructor: constructors.head },
        hasShots: (valueOf("dataset", "shots")?.value ?? null) !== null,
        valueOf: (param) => valueOf("head", param)?.value ?? null,
      });
    },
  };
}

interface FoundSetting {
  readonly setting: Setting;
  readonly source: "axis" | "where" | "declaration" | "preset";
}

function declared(declaration: CheckedDeclaration | undefined, param: string): FoundSetting | null {
  if (declaration === undefined || !Object.hasOwn(declaration.settings, param)) return null;
  const setting = declaration.settings[param];
  return setting === undefined ? null : { setting, source: "declaration" };
}

function findProtocol({ axes }: CheckedSweep, choice: readonly number[]): PresetAxisValue | null {
  const values = axes.map(({ values }, position) => values[choice[position] ?? notApplicable]);
  return values.find((value) => value?.kind === "preset") ?? null;
}

/** What a published protocol says of a parameter that the program leaves open. */
function switched(
  protocol: PresetAxisValue | null,
  name: string,
  { constructors, search }: Pick<Combination, "constructors" | "search">,
): FoundSetting | null {
  const { head, backbone } = constructors;
  const isSearched = Object.keys(search?.over ?? {}).some((param) => `head.${param}` === name);
  const found = protocol?.preset?.switches.find(
    (each) => each.param === name && isSwitchFor(each, { head: head?.name, backbone: backbone?.name }),
  );
  if (protocol === null || found === undefined || isSearched) return null;
  return { setting: { value: found.value, span: protocol.span }, source: "preset" };
}
