import type { ExampleSet, ProblemKind } from "../../packages/ops/src/artifacts/examples.ts";
import type { FeatureMatrix } from "../../packages/ops/src/artifacts/features.ts";
import type { ArtifactKinds, KindName } from "../../packages/ops/src/artifacts/kinds.ts";
import type { InputValue, OpContext } from "../../packages/ops/src/op-context.ts";
import type { SingleOp } from "../../packages/ops/src/op.ts";

export interface SingleOpCall {
  /** Parameters that are not left at their defaults. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Input artifacts by name; their kinds are those of the signature. */
  readonly inputs: Readonly<Record<string, ArtifactKinds[KindName]>>;
  readonly signal?: AbortSignal;
  readonly progress?: OpContext["progress"];
}

/** Calls an op as the runner does: parameters complete with the signature's defaults, inputs with their kinds. */
export async function runSingleOp<Kind extends KindName>(
  op: SingleOp,
  _output: Kind,
  call: SingleOpCall,
): Promise<ArtifactKinds[Kind]> {
  const defaults = Object.entries(op.signature.params).map(([name, spec]) => [
    name,
    "default" in spec ? spec.default : undefined,
  ]);
  const inputs = Object.entries(call.inputs).map(([name, value]) => {
    const kind = op.signature.inputs[name]?.kind as KindName;
    const input: InputValue = { kind, value, origin: { op: "test", params: {} } };
    return [name, input];
  });
  const answer = await op.run({
    params: { ...(Object.fromEntries(defaults) as OpContext["params"]), ...call.params },
    inputs: Object.fromEntries(inputs) as OpContext["inputs"],
    fileDigests: {},
    threads: 1,
    device: "cpu",
    pseudonym: (identifier) => identifier,
    signal: call.signal ?? new AbortController().signal,
    progress: call.progress ?? (() => undefined),
  });
  return answer as ArtifactKinds[Kind];
}

/** Labelled examples `NAME[0]`, `NAME[1]`, ... with classes `class 0`, `class 1`, ... */
export function labelledExamples(
  name: string,
  problem: ProblemKind,
  classes: number,
  labels: readonly number[],
): ExampleSet {
  const width = problem === "multi-label" ? classes : 1;
  return {
    problem,
    classNames: Array.from({ length: classes }, (_, index) => `class ${String(index)}`),
    examples: Array.from({ length: labels.length / width }, (_, row) => ({
      id: `${name}[${String(row)}]`,
      digest: `digest of ${name}[${String(row)}]`,
      locator: String(row),
      group: null,
    })),
    labels: { width, values: Int32Array.from(labels) },
    notes: [],
  };
}

/** Features of one part, `pooled`, for the examples. */
export function featuresOf(examples: ExampleSet, width: number, values: readonly number[]): FeatureMatrix {
  return {
    layout: { parts: [{ name: "pooled", width }], defaultPart: "pooled" },
    digests: examples.examples.map((example) => example.digest),
    data: Float32Array.from(values),
  };
}
