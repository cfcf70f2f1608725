import { settingWithoutMeaning } from "../../diagnostics/catalog-protocol.ts";
import type { IdleCase, OpSignature, ParamSpec, Role } from "../../signature/signature.ts";
import { findParam, isWiredParam, opsOfDeclaration, roles } from "../../signature/signature-index.ts";
import { allCombinations, type Combination, type FoundValue } from "../combinations.ts";
import { reportOnce } from "../report-once.ts";
import { writtenValue } from "../written-value.ts";
import type { Rule, RuleSubject } from "./rule.ts";

/** What a program writes means something in one of the trials that it reaches. An axis is told by the tasks that it makes. */
export const everySettingMeansSomething: Rule = (subject) => {
  if (!subject.isWhole) return;
  const places = new Map<string, Place>();
  for (const role of roles) {
    for (const combination of allCombinations([role], subject)) {
      const params = writtenParams(combination, role);
      for (const param of params) readPlace(places, { param, role, combination, subject });
    }
  }
  const report = reportOnce(subject.context.report);
  for (const { found, param, because, isOfUse } of places.values()) {
    if (isOfUse || found.span === null) continue;
    report(settingWithoutMeaning(found.span, param, because));
  }
};

interface Place {
  readonly param: string;
  readonly found: FoundValue;
  readonly because: readonly string[];
  isOfUse: boolean;
}

function writtenParams({ declarations, sweep }: Combination, role: Role): readonly string[] {
  const set = sweep.overrides.flatMap(({ settings }) => settings.filter((setting) => setting.role === role));
  return [...Object.keys(declarations[role]?.settings ?? {}), ...set.map(({ param }) => param)];
}

interface Reading {
  readonly param: string;
  readonly role: Role;
  readonly combination: Combination;
  readonly subject: RuleSubject;
}

function readPlace(places: Map<string, Place>, { param, role, combination, subject }: Reading): void {
  const { constructors, search, valueOf } = combination;
  const found = valueOf(role, param);
  const constructor = constructors[role];
  if (found?.span == null || constructor === undefined) return;
  if (found.source === "axis" || found.source === "preset") return;
  const over = (role === "head" ? search?.over : undefined) ?? {};
  const idle = opsOfDeclaration(subject.context.signatures, constructor).flatMap((op) => {
    const spec = findParam(op, param);
    if (spec === null || isWiredParam(spec)) return [];
    // A search says by `refit` what such a parameter would say.
    if (search !== null && op.joinsVal === param) return [["search"]];
    return [idleReason(spec, { op, role, combination, over })];
  });
  const key = `${found.span.path}:${found.span.start}`;
  const isOfUse = idle.length === 0 || idle.includes(null);
  const place = places.get(key) ?? { param, found, because: idle[0] ?? [], isOfUse };
  place.isOfUse ||= isOfUse;
  places.set(key, place);
}

interface IdleScope {
  readonly op: OpSignature;
  readonly role: Role;
  readonly combination: Combination;
  /** What a search tries: its value is not known. */
  readonly over: Readonly<Record<string, unknown>>;
}

/** The settings, as written, beside which a parameter means nothing; null where it means something. */
function idleReason({ idleWhere = [] }: ParamSpec, scope: IdleScope): readonly string[] | null {
  const found = idleWhere.find((idle) => holds(idle, scope));
  if (found === undefined) return null;
  return Object.keys(found).map((name) => {
    const value = scope.combination.valueOf(scope.role, name);
    return value === null ? name : `${name}: ${writtenValue(value.value, value.spec)}`;
  });
}

function holds(idle: IdleCase, { op, role, combination, over }: IdleScope): boolean {
  return Object.entries(idle).every(([name, values]) => {
    const spec = findParam(op, name);
    // The split that is asked for differs from task to task of one trial.
    if (spec === null || isWiredParam(spec) || Object.hasOwn(over, name)) return false;
    const value = combination.valueOf(role, name)?.value ?? null;
    return values.some((wanted) => wanted === value);
  });
}
