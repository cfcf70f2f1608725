import { openSession } from "@exp-lab/ops";
import protobuf from "protobufjs";

export interface ProductShape {
  readonly batch: number;
  readonly features: number;
  readonly columns: number;
  readonly threads: number;
}

const pairsPerRun = 64;

/**
 * Seconds that onnxruntime takes for a step's two matrix products and nothing else: the logits X W and the gradient of the
 * weights Xᵀ G. A loop inside the graph repeats them, so that neither a call nor a copy of an answer is measured.
 */
export async function secondsPerPair(shape: ProductShape, seconds: number): Promise<number> {
  const { batch, features, columns, threads } = shape;
  const session = await openSession({ model: { data: bareModel(shape), name: null }, threads, use: "training" });
  try {
    const random = (rows: number, width: number): { data: Float32Array; dims: readonly number[] } => ({
      data: Float32Array.from({ length: rows * width }, (_, index) => ((index * 7919) % 1000) / 500 - 1),
      dims: [rows, width],
    });
    const inputs = {
      x: random(batch, features),
      w: random(features, columns),
      g: random(batch, columns),
      firstLogits: random(batch, columns),
      firstGradient: random(features, columns),
    };
    await session.run(inputs, ["gradient"]);
    const started = performance.now();
    let pairs = 0;
    for (; performance.now() - started < seconds * 1000; pairs += pairsPerRun) await session.run(inputs, ["gradient"]);
    return (performance.now() - started) / 1000 / pairs;
  } finally {
    await session.close();
  }
}

/** The part of the published ONNX format that the graph below needs. */
const format = `syntax = "proto2";
message Model { optional int64 irVersion = 1; optional Graph graph = 7; repeated Opset opset = 8; }
message Opset { optional int64 version = 2; }
message Graph { repeated Node node = 1; optional string name = 2; repeated Tensor initializer = 5; repeated Value input = 11; repeated Value output = 12; }
message Node { repeated string input = 1; repeated string output = 2; optional string op = 4; repeated Attribute attribute = 5; }
message Attribute { optional string name = 1; optional int64 i = 3; optional Graph g = 6; optional int32 type = 20; }
message Tensor { repeated int64 dims = 1; optional int32 type = 2; repeated int64 values = 7 [packed = true]; optional string name = 8; }
message Value { optional string name = 1; optional Type type = 2; }
message Type { optional TensorType tensor = 1; }
message TensorType { optional int32 element = 1; optional Shape shape = 2; }
message Shape { repeated Dimension dim = 1; }
message Dimension { optional int64 size = 1; }`;

const elements = { float32: 1, int64: 7, bool: 9 } as const;

function bareModel({ batch, features, columns }: ProductShape): Uint8Array {
  const logits = [batch, columns];
  const gradient = [features, columns];
  // The products hang on nothing that changes, but are carried from one turn to the next and so cannot be left out.
  const body = {
    name: "pair",
    input: [
      value("turn", [], "int64"),
      value("goesOn", [], "bool"),
      value("oldLogits", logits),
      value("oldGradient", gradient),
    ],
    node: [
      { op: "Identity", input: ["goesOn"], output: ["goesOnStill"] },
      { op: "MatMul", input: ["x", "w"], output: ["newLogits"] },
      { op: "Gemm", input: ["x", "g"], output: ["newGradient"], attribute: [{ name: "transA", type: 2, i: 1 }] },
    ],
    output: [value("goesOnStill", [], "bool"), value("newLogits", logits), value("newGradient", gradient)],
  };
  const graph = {
    name: "pairs",
    input: [
      value("x", [batch, features]),
      value("w", gradient),
      value("g", logits),
      value("firstLogits", logits),
      value("firstGradient", gradient),
    ],
    initializer: [{ name: "pairs", type: elements.int64, values: [pairsPerRun] }],
    node: [
      {
        op: "Loop",
        input: ["pairs", "", "firstLogits", "firstGradient"],
        output: ["logits", "gradient"],
        attribute: [{ name: "body", type: 5, g: body }],
      },
    ],
    output: [value("logits", logits), value("gradient", gradient)],
  };
  const model = protobuf.parse(format).root.lookupType("Model");
  return new Uint8Array(model.encode({ irVersion: 9, opset: [{ version: 20 }], graph }).finish());
}

function value(name: string, dims: readonly number[], type: keyof typeof elements = "float32"): object {
  return { name, type: { tensor: { element: elements[type], shape: { dim: dims.map((size) => ({ size })) } } } };
}
