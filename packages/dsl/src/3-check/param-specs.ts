import type { OpSignature, ParamSpec } from "../signature/signature.ts";
import { findParam, isWiredParam } from "../signature/signature-index.ts";

/** One op's parameter of a name. */
export interface OwnedSpec {
  readonly op: string;
  readonly spec: ParamSpec;
}

/**
 * The parameters of that name among the ops, one entry per op that has it. A parameter that only wiring sets (the split)
 * does not stand in the way of another op's settable one of the same name, e.g. a manifest's column.
 */
export function findSpecs(ops: readonly OpSignature[], name: string): readonly OwnedSpec[] {
  const known = knownSpecs.get(ops) ?? new Map<string, readonly OwnedSpec[]>();
  knownSpecs.set(ops, known);
  const specs = known.get(name) ?? lookUpSpecs(ops, name);
  known.set(name, specs);
  return specs;
}

/** Rules ask for the same parameters of the same ops over and over. */
const knownSpecs = new WeakMap<readonly OpSignature[], Map<string, readonly OwnedSpec[]>>();

function lookUpSpecs(ops: readonly OpSignature[], name: string): readonly OwnedSpec[] {
  const found = ops.flatMap((op) => {
    const spec = findParam(op, name);
    return spec === null ? [] : [{ op: op.name, spec }];
  });
  const settable = found.filter(({ spec }) => !isWiredParam(spec));
  return settable.length > 0 ? settable : found;
}

/** The names of all parameters that a program may set on the ops; each once. */
export function settableParams(ops: readonly OpSignature[]): readonly string[] {
  const names = ops.flatMap((op) => Object.entries(op.params).filter(([, spec]) => !isWiredParam(spec)));
  return [...new Set(names.map(([name]) => name))];
}
