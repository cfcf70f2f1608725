import type { IdleCase, OpSignature, ParamSpec, ParamValue } from "../signature/signature.ts";

/** What filling in an op's parameters needs to know of its signature, worked out once: most of a large graph's tasks are of a few ops. */
export interface OpParams {
  readonly params: readonly OpParam[];
  /** In the order in which a task's key names them. */
  readonly sortedNames: readonly string[];
  readonly idle: readonly IdleParam[];
}

export interface OpParam {
  readonly name: string;
  /** What an axis or `where` calls it, e.g. `head.k`. */
  readonly setting: string;
  readonly spec: ParamSpec;
  /** Whether a bare `seed` axis sets it. */
  readonly isSeeded: boolean;
  /** Undefined where it must be written. */
  readonly fallback: ParamValue | undefined;
}

interface IdleParam {
  readonly name: string;
  readonly cases: readonly IdleCase[];
}

export function opParamsOf(signature: OpSignature): OpParams {
  const known = byOp.get(signature);
  if (known !== undefined) return known;
  const found = readParams(signature);
  byOp.set(signature, found);
  return found;
}

/** Undefined where the parameter must be written, or the op has none of that name. */
export function defaultOf(signature: OpSignature, name: string): ParamValue | undefined {
  const spec = Object.hasOwn(signature.params, name) ? signature.params[name] : undefined;
  return spec !== undefined && "default" in spec ? spec.default : undefined;
}

const byOp = new WeakMap<OpSignature, OpParams>();

function readParams(signature: OpSignature): OpParams {
  const entries = Object.entries(signature.params);
  return {
    params: entries.map(([name, spec]) => ({
      name,
      setting: `${signature.role ?? "metric"}.${name}`,
      spec,
      isSeeded: spec.type === "seed" && spec.broadcast !== false,
      fallback: defaultOf(signature, name),
    })),
    sortedNames: entries.map(([name]) => name).sort(),
    idle: entries.flatMap(([name, { idleWhere }]) => (idleWhere === undefined ? [] : [{ name, cases: idleWhere }])),
  };
}
