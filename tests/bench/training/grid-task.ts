import { codecOf, type ArtifactKinds, type Example, type ExampleSet } from "@exp-lab/ops";
import type { Executor } from "@exp-lab/runner";

/** The grid that all training figures share: heads that differ in their rates alone. */
export const grid = { heads: 16, outputs: 14, batch: 128, momentum: 0.9 } as const;

export interface GridTask {
  readonly features: number;
  readonly rows: number;
  readonly steps: number;
}

export type GridCall = Parameters<Executor["call"]>[0];

/** What the engine is asked where a program searches over sixteen rates: its call of `linear` on features of no meaning. */
export function makeGridCall({ features, rows, steps }: GridTask): GridCall {
  const draw = createStream(1);
  const data = new Float32Array(new SharedArrayBuffer(rows * features * Float32Array.BYTES_PER_ELEMENT));
  for (let index = 0; index < data.length; index += 1) data[index] = 1.5 + draw();
  const examples = Array.from({ length: rows }, (_, row): Example => ({
    id: String(row),
    digest: digestOf(row),
    locator: String(row),
    group: null,
  }));
  const set: ExampleSet = {
    problem: "multi-label",
    classNames: Array.from({ length: grid.outputs }, (_, output) => `label ${String(output)}`),
    examples,
    labels: { width: grid.outputs, values: truthOf(data, { features, rows }) },
    notes: [],
  };
  const part = { name: "cls", width: features };
  const epochSteps = Math.ceil(rows / grid.batch);
  const epochs = Math.ceil(steps / epochSteps);
  const origin = { op: "bench", params: {} };
  const params = {
    ...{ lr: 0.01, weight_decay: 0, momentum: grid.momentum, epochs, batch_size: grid.batch, schedule: "cosine" },
    ...{ standardise: true, blocks: 1, avgpool: false, part: part.name, pooling: "mean", seed: 0, engine: "onnx" },
    stop_at: steps / (epochs * epochSteps),
  };
  return {
    op: "linear",
    params,
    members: Array.from({ length: grid.heads }, (_, head) => ({
      ...params,
      lr: 10 ** (-3 + (2 * head) / (grid.heads - 1)),
    })),
    mostParts: 4,
    inputs: {
      features: {
        form: "rows",
        kind: "features",
        layout: { parts: [part], defaultPart: part.name },
        digests: examples.map(({ digest }) => digest),
        data,
        origin,
      },
      examples: { form: "artifact", kind: "examples", bytes: codecOf("examples").encode(set), origin },
    },
    fileDigests: {},
    pseudonymKey: new Uint8Array(32),
  };
}

/** Label j hangs on feature j. */
function truthOf(data: Float32Array, { features, rows }: Pick<GridTask, "features" | "rows">): Int32Array {
  return Int32Array.from({ length: rows * grid.outputs }, (_, index) => {
    const [row, output] = [Math.floor(index / grid.outputs), index % grid.outputs];
    return Number(data[row * features + output]! > threshold);
  });
}

const threshold = 1.9;

/** The share of the truth that a head finds again in the first rows. */
export function accuracyOf(call: GridCall, classifierBytes: Uint8Array): number {
  const classifier = codecOf("classifier").decode(classifierBytes) as ArtifactKinds["classifier"];
  const { mean, deviation, weights, bias, inputs } = classifier;
  const rows = call.inputs["features"];
  if (rows?.form !== "rows") throw new Error("A grid's features are rows.");
  const tried = Math.min(256, rows.digests.length);
  let right = 0;
  for (let row = 0; row < tried; row += 1) {
    const x = rows.data.subarray(row * inputs, (row + 1) * inputs);
    for (let output = 0; output < grid.outputs; output += 1) {
      const own = weights.subarray(output * inputs, (output + 1) * inputs);
      const score = own.reduce((sum, weight, i) => sum + (weight * (x[i]! - mean[i]!)) / deviation[i]!, bias[output]!);
      right += Number(score > 0 === x[output]! > threshold);
    }
  }
  return right / (tried * grid.outputs);
}

function digestOf(row: number): string {
  return row.toString(16).padStart(64, "0");
}

/** Cheap numbers in [-1, 1): xorshift, which is enough where nobody reads a result. */
function createStream(seed: number): () => number {
  let state = seed * 2654435761 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2 ** 31;
  };
}
