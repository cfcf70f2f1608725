import type { OpSignature, ParamSpec, Role } from "./signature.ts";

/** The signatures by what they are used for, looked up by the words of a program. */
export interface SignatureIndex {
  readonly constructors: ReadonlyMap<string, OpSignature>;
  readonly companions: readonly OpSignature[];
  /** By constructor, the ops that the fields of its declarations may belong to. */
  readonly declared: ReadonlyMap<OpSignature, readonly OpSignature[]>;
  readonly metrics: ReadonlyMap<string, OpSignature>;
  /** The ops that a search is made of; null where this build has none. */
  readonly search: SearchOps | null;
  /** The ops of intervals and tests; null where this build has none. */
  readonly statistics: StatisticsOps | null;
}

export interface StatisticsOps {
  /** Predictions in, a metric's values on resamples of their groups out. */
  readonly resample: OpSignature;
  /** Resamples of rival cells in, intervals and paired tests out. */
  readonly compare: OpSignature;
  /** The same for AUROC by its variance, from predictions. */
  readonly delong: OpSignature;
  /** Scores over many data sets in, mean ranks and their critical difference out. */
  readonly rank: OpSignature;
}

export interface SearchOps {
  /** Any number of scores in, the choice among what they are the scores of out. */
  readonly select: OpSignature;
  /** A choice in, its settings without what they were chosen among out: a wider grid with the same winner ends here. */
  readonly chosen: OpSignature;
  /** Scores a fit at the end of each of its epochs. */
  readonly scoreEpochs: OpSignature;
  /** Predictions of several folds in, one set out. */
  readonly pool: OpSignature;
}

export const roles: readonly Role[] = ["dataset", "backbone", "head"];

/** Sorts signatures by use. */
export function indexSignatures(signatures: readonly OpSignature[]): SignatureIndex {
  const named = (use: OpSignature["use"]): [string, OpSignature][] =>
    signatures.filter((signature) => signature.use === use).map((signature) => [signature.name, signature]);
  const constructors = new Map(named("constructor"));
  const companions = signatures.filter((signature) => signature.use === "companion");
  const opsOf = (constructor: OpSignature): readonly OpSignature[] => [
    constructor,
    ...companions.filter((companion) => companion.role === constructor.role),
  ];
  return {
    constructors,
    companions,
    declared: new Map([...constructors.values()].map((constructor) => [constructor, opsOf(constructor)])),
    metrics: new Map(named("metric")),
    search: findSearchOps(signatures),
    statistics: findStatisticsOps(signatures),
  };
}

function findStatisticsOps(signatures: readonly OpSignature[]): StatisticsOps | null {
  const find = (use: OpSignature["use"]): OpSignature | undefined => signatures.find((op) => op.use === use);
  const [resample, compare, delong, rank] = [find("resample"), find("compare"), find("delong"), find("rank")];
  if (resample === undefined || compare === undefined || delong === undefined || rank === undefined) return null;
  return { resample, compare, delong, rank };
}

function findSearchOps(signatures: readonly OpSignature[]): SearchOps | null {
  const find = (use: OpSignature["use"]): OpSignature | undefined => signatures.find((op) => op.use === use);
  const [select, chosen, scoreEpochs, pool] = [find("select"), find("chosen"), find("score epochs"), find("pool")];
  if (select === undefined || chosen === undefined || scoreEpochs === undefined || pool === undefined) return null;
  return { select, chosen, scoreEpochs, pool };
}

/** The constructor of that name, if declarations of the role may use it. */
export function findConstructor(index: SignatureIndex, role: Role, name: string): OpSignature | null {
  const found = index.constructors.get(name);
  return found?.role === role ? found : null;
}

/** The constructors that declarations of a role may use, by name. */
export function constructorNames(index: SignatureIndex, role: Role): readonly string[] {
  return [...index.constructors.values()].filter((signature) => signature.role === role).map(({ name }) => name);
}

/**
 * The ops that the fields of a declaration may belong to: its constructor and the companions of its role. A field sets
 * the parameter of that name in each of them that has it.
 */
export function opsOfDeclaration(index: SignatureIndex, constructor: OpSignature): readonly OpSignature[] {
  return index.declared.get(constructor) ?? [];
}

/** An op's own parameter of that name; names such as `constructor` that every object inherits are not found. */
export function findParam(signature: OpSignature, name: string): ParamSpec | null {
  return Object.hasOwn(signature.params, name) ? (signature.params[name] ?? null) : null;
}

/** Whether something must be written for the parameter to have a value. Splits are wired; seeds may come from an axis. */
export function isRequired(spec: ParamSpec): boolean {
  if (isWiredParam(spec) || spec.type === "seed") return false;
  return !("default" in spec);
}

/** Whether wiring sets the parameter, so that no program may. */
export function isWiredParam(spec: ParamSpec): boolean {
  return spec.type === "split" || spec.type === "wired";
}
