import type { OpSignature } from "@exp-lab/dsl";
import type { Device } from "./runtime/device.ts";
import type { ParamsOf } from "./op.ts";
import type { ArtifactKinds, KindName } from "./artifacts/kinds.ts";

/** All that an op's function can see. */
export interface OpContext {
  /** Checked against the signature and complete with defaults. Read them through `paramsOf(signature, context)`. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, InputValue>>;
  /** SHA-256 (hex) of the files that path-valued parameters name, by parameter name. */
  readonly fileDigests: Readonly<Record<string, string>>;
  /** SHA-256 (hex) of the op's own `sourceFiles`, by their names, where they have been read already. */
  readonly sourceDigests?: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
  /** Cores that native code may use for this call. Other calls may be using the others. */
  readonly threads: number;
  /**
   * Where the graphs of a per-example op run, whose rows are kept with who made them. The CPU for every other op: an answer must
   * not hang on the device, and the artifact of a backbone is what its rows are found by.
   */
  readonly device: Device;
  /** Turns a patient identifier into a keyed hash (24 hex digits) whose key never leaves the store: identifiers enter no artifact. */
  readonly pseudonym: (identifier: string) => string;
  /** How far the call is, in units of the op's own choosing (iterations, examples). May be called often. */
  readonly progress: (done: number, total: number) => void;
}

/** One call for several tasks: `params` are those of the first. */
export interface FusedContext extends OpContext {
  /** The parameters of every task, complete. They differ in those that the op names alone. */
  readonly members: readonly Readonly<Record<string, unknown>>[];
}

/** Opening a per-example op: its inputs but for the examples, which come in batches. */
export type PerExampleContext = OpContext;

/** One input: the upstream answer, decoded, and which op with which parameters made it. */
export interface InputValue<Kind extends KindName = KindName> {
  readonly kind: Kind;
  readonly value: ArtifactKinds[Kind];
  /** Which op with which parameters made it: only to find bytes on this machine, never to decide an answer. */
  readonly origin: { readonly op: string; readonly params: Readonly<Record<string, unknown>> };
}

/** A file that a task reads. `name` stands for it in fingerprints and messages; `path` is where it lies here and enters nothing. */
export interface SourceFile {
  readonly name: string;
  readonly path: string;
  /** It cannot be read now, and that it cannot is part of the question. */
  readonly isUnreadable?: true;
}

/** The context's parameters with the types that the signature declares. */
export function paramsOf<Signature extends OpSignature>(
  _signature: Signature,
  context: Pick<OpContext, "params">,
): ParamsOf<Signature["params"]> {
  return context.params as ParamsOf<Signature["params"]>;
}

/** The value of one input, which must be of the kind that the op's signature says. */
export function inputOf<Kind extends KindName>(context: OpContext, name: string, kind: Kind): ArtifactKinds[Kind] {
  const input = context.inputs[name];
  if (input?.kind !== kind) {
    throw new Error(`Input "${name}" should be of kind ${kind}, but is ${input?.kind ?? "absent"}.`);
  }
  return input.value as ArtifactKinds[Kind];
}
