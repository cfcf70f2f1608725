import type { OpSignature, Role, SplitName } from "../signature/signature.ts";
import { isWiredParam, type SignatureIndex } from "../signature/signature-index.ts";
import { explainMissing, type WiringProblem } from "./explain-missing.ts";

/** The constructors that the declarations of a trial use; a role that its sweep does not name is absent. */
export type BoundConstructors = Readonly<Partial<Record<Role, OpSignature>>>;

/** An op in its place: where its inputs come from, and all that its answer depends on. */
export interface WiredOp {
  readonly signature: OpSignature;
  readonly inputs: readonly WiredInput[];
  /** The roles whose declarations it or anything upstream takes parameters from. */
  readonly roles: ReadonlySet<Role>;
  /** `role.param` for every parameter of it or of anything upstream that a program may set. */
  readonly settable: ReadonlySet<string>;
  /** Those of `settable` that a bare `seed` axis sets; parameters of metrics as `metric.param`. */
  readonly seeds: ReadonlySet<string>;
  /** The parameters of other roles (`role.param`) that it or anything upstream takes the value of. */
  readonly takes: ReadonlySet<string>;
  /** Whether its answer depends on the split that is asked of it. */
  readonly usesSplit: boolean;
}

export interface WiredInput {
  readonly name: string;
  readonly op: WiredOp;
  /** The split that it is always taken of; null for the split asked of the op itself. */
  readonly split: SplitName | null;
}

/** How the ops of one combination of constructors fit together. Everything is wired once and kept. */
export interface Wiring {
  readonly constructors: BoundConstructors;
  readonly wireMetric: (name: string) => WiredOp | WiringProblem;
  /** An op that is neither asked for by a cell nor found by its output's kind. */
  readonly wireOp: (signature: OpSignature) => WiredOp | WiringProblem;
}

export function isWired(wired: WiredOp | WiringProblem): wired is WiredOp {
  return "signature" in wired;
}

/**
 * Wires by kinds of artifact alone. The producer of a kind is the trial's constructor that outputs it; where no
 * constructor does, the companion that does and whose own inputs have producers. It must be one op.
 */
export function createWiring(constructors: BoundConstructors, index: SignatureIndex): Wiring {
  const producers = new Map<string, OpSignature | WiringProblem>();
  const wired = new Map<OpSignature, WiredOp | WiringProblem>();
  const open = new Set<OpSignature>();
  const bound = Object.values(constructors);

  const findProducer = (kind: string): OpSignature | WiringProblem => {
    const known = producers.get(kind);
    if (known !== undefined) return known;
    const found = chooseProducer(kind);
    producers.set(kind, found);
    return found;
  };

  const chooseProducer = (kind: string): OpSignature | WiringProblem => {
    const own = bound.filter((constructor) => constructor.output === kind);
    const makers = own.length > 0 ? own : index.companions.filter((companion) => isProducible(companion, kind, []));
    const [maker, ...others] = makers;
    if (maker === undefined) return explainMissing(kind, { constructors, index });
    if (others.length === 0) return maker;
    return { problem: "several producers", kind, ops: makers.map(({ name }) => name) };
  };

  // Kinds being looked for are no producers of themselves, so that companions in a circle come out as not producible.
  const isProducible = (companion: OpSignature, kind: string, sought: readonly string[]): boolean =>
    companion.output === kind &&
    Object.values(companion.inputs).every((input) => hasProducer(input.kind, [...sought, kind]));

  const hasProducer = (kind: string, sought: readonly string[]): boolean =>
    !sought.includes(kind) &&
    (bound.some((constructor) => constructor.output === kind) ||
      index.companions.some((companion) => isProducible(companion, kind, sought)));

  const wire = (signature: OpSignature): WiredOp | WiringProblem => {
    const known = wired.get(signature);
    if (known !== undefined) return known;
    if (open.has(signature)) return { problem: "circle", op: signature.name };
    open.add(signature);
    const answer = wireInputs(signature);
    open.delete(signature);
    wired.set(signature, answer);
    return answer;
  };

  const wireInputs = (signature: OpSignature): WiredOp | WiringProblem => {
    const inputs: WiredInput[] = [];
    for (const [name, { kind, split }] of Object.entries(signature.inputs)) {
      const producer = findProducer(kind);
      if ("problem" in producer) return producer;
      const op = wire(producer);
      if (!isWired(op)) return op;
      inputs.push({ name, op, split: split ?? null });
    }
    return completeOp(signature, inputs);
  };

  return {
    constructors,
    wireOp: wire,
    wireMetric: (name) => {
      const metric = index.metrics.get(name);
      return metric === undefined ? { problem: "no producer", kind: name } : wire(metric);
    },
  };
}

function completeOp(signature: OpSignature, inputs: readonly WiredInput[]): WiredOp {
  const owner = signature.role ?? "metric";
  const upstream = inputs.map((input) => input.op);
  const params = Object.entries(signature.params);
  const own = params.filter(([, spec]) => !isWiredParam(spec)).map(([name]) => `${owner}.${name}`);
  const seeds = params.filter(([, spec]) => spec.type === "seed" && spec.broadcast !== false);
  return {
    signature,
    inputs,
    roles: new Set([
      ...(signature.role === undefined ? [] : [signature.role]),
      ...upstream.flatMap((op) => [...op.roles]),
    ]),
    settable: new Set([...own, ...upstream.flatMap((op) => [...op.settable])]),
    takes: new Set([
      ...params.flatMap(([, spec]) => (spec.type === "wired" && spec.takes !== undefined ? [spec.takes] : [])),
      ...upstream.flatMap((op) => [...op.takes]),
    ]),
    seeds: new Set([...seeds.map(([name]) => `${owner}.${name}`), ...upstream.flatMap((op) => [...op.seeds])]),
    usesSplit:
      params.some(([, spec]) => spec.type === "split") ||
      inputs.some((input) => input.split === null && input.op.usesSplit),
  };
}
