import { createHash } from "node:crypto";
import type { DocumentArray, ArtifactDocument } from "../../../packages/ops/src/artifacts/document-codec.ts";
import type { ArtifactKinds, KindName } from "../../../packages/ops/src/artifacts/kinds.ts";
import type { InputValue, OpContext } from "../../../packages/ops/src/op-context.ts";
import type { FusedOp, Op, PerExampleOp } from "../../../packages/ops/src/op.ts";
import type { Json, LockedAnswer, LockedOp, LockedParam, NearArray } from "./answers-lock.ts";

/** A question to an op. */
export interface OpCase {
  /** Parameters that are not left at their defaults. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, InputValue>>;
  readonly fileDigests?: Readonly<Record<string, string>>;
  /**
   * True where the last bits of the answer hang on the processor or on the version of Node: kernels of onnxruntime, and
   * `Math.exp` and `Math.log`, which JavaScript leaves open. Their numbers are compared nearly; everything else by its bytes.
   */
  readonly isNear?: true;
  /** Of an answer that is compared nearly: fields that those last bits can change. */
  readonly leftOut?: readonly string[];
}

/** An op's questions by the name of the case. */
export type OpCases = Readonly<Record<string, OpCase>>;

/** The codecs of the artifacts, as the ops have them. */
export interface AnswerCodecs {
  readonly encode: (kind: string, value: ArtifactKinds[KindName]) => Uint8Array;
  readonly decodeDocument: (kind: string, bytes: Uint8Array) => ArtifactDocument;
  readonly encodeDocument: (document: ArtifactDocument) => Uint8Array;
}

/** Asks an op all of its questions. */
export async function lockOp(op: Op, cases: OpCases, codecs: AnswerCodecs): Promise<LockedOp> {
  const { version, params, inputs, output } = op.signature;
  const answers: Record<string, LockedAnswer> = {};
  for (const [title, question] of Object.entries(cases)) {
    const bytes = await ask(op, question, codecs);
    answers[title] =
      question.isNear === true
        ? { nearly: describe(codecs.decodeDocument(output, bytes), question.leftOut ?? []) }
        : { exactly: createHash("sha256").update(bytes).digest("hex") };
  }
  return {
    version,
    inputs: mapValues(inputs, ({ locator }) => (locator === true ? "locator" : "semantic")),
    params: mapValues(params, lockParam),
    answers,
  };
}

/** The bytes of an op's answer. */
async function ask(op: Op, question: OpCase, codecs: AnswerCodecs): Promise<Uint8Array> {
  const context = contextOf(op, question);
  const { output } = op.signature;
  switch (op.shape) {
    case "single":
      return codecs.encode(output, await op.run(context));
    case "fused":
      return codecs.encode(output, await runFused(op, context));
    case "per example":
      return codecs.encodeDocument(await extractRows(op, context));
  }
  return op satisfies never;
}

function lockParam(spec: Op["signature"]["params"][string]): LockedParam {
  const meaning = spec.semantic === false ? "cosmetic" : "semantic";
  return "default" in spec ? { meaning, default: spec.default } : { meaning };
}

function contextOf({ signature }: Op, { params, inputs, fileDigests }: OpCase): OpContext {
  const defaults = mapValues(signature.params, (spec): unknown => ("default" in spec ? spec.default : null));
  return {
    params: { ...defaults, ...params },
    inputs: inputs ?? {},
    fileDigests: fileDigests ?? {},
    threads: 1,
    device: "cpu",
    pseudonym: (identifier) => `hash of ${identifier}`,
    signal: new AbortController().signal,
    progress: () => undefined,
  };
}

/** The answer of the first member, with a second one beside it that must not change it. */
async function runFused(op: FusedOp, context: OpContext): Promise<ArtifactKinds[KindName]> {
  const other = { ...context.params, [op.fusedOver[0] ?? ""]: 0.01 };
  const [answer] = await op.run({ ...context, members: [context.params, other] });
  if (answer === undefined) throw new Error(`The fused op ${op.signature.name} gave no answer.`);
  if ("failure" in answer) throw answer.failure;
  return answer.value;
}

/** The rows of every example, as a document: the runner keeps rows in shards, without a codec. */
async function extractRows(op: PerExampleOp, context: OpContext): Promise<ArtifactDocument> {
  const { value } = context.inputs["examples"] as InputValue<"examples">;
  const extractor = await op.open(context);
  const { rows, failures } = await extractor.extract({ examples: value.examples });
  await extractor.close();
  const { parts, defaultPart } = extractor.layout;
  const layout = { parts: parts.map((part) => ({ ...part })), defaultPart };
  const fields = { layout, failures: failures.map((failure) => ({ ...failure })) };
  return { kind: op.signature.output, fields, arrays: { rows } };
}

function describe(
  document: ArtifactDocument,
  leftOut: readonly string[],
): { fields: Json; arrays: Record<string, NearArray> } {
  const fields = Object.entries(document.fields).filter(([name]) => !leftOut.includes(name));
  return { fields: Object.fromEntries(fields), arrays: mapValues(document.arrays, describeArray) };
}

/** Values of an array that the lock shows, evenly spread from the first to the last. */
const mostShown = 12;

function describeArray(array: DocumentArray): NearArray {
  const count = Math.min(array.length, mostShown);
  const places = Array.from({ length: count }, (_, index) =>
    count === 1 ? 0 : Math.round((index * (array.length - 1)) / (count - 1)),
  );
  const some = places.map((place) => String(Number((array[place] ?? 0).toPrecision(6)))).join(" ");
  return { type: array.constructor.name, length: array.length, some };
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
