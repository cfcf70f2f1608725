import protobuf from "protobufjs";

/** The part of the published ONNX format that a product of two matrices needs. */
const format = `syntax = "proto2";
message Model { optional int64 irVersion = 1; optional Graph graph = 7; repeated Opset opset = 8; }
message Opset { optional int64 version = 2; }
message Graph { repeated Node node = 1; optional string name = 2; repeated Value input = 11; repeated Value output = 12; }
message Node { repeated string input = 1; repeated string output = 2; optional string op = 4; }
message Value { optional string name = 1; optional Type type = 2; }
message Type { optional TensorType tensor = 1; }
message TensorType { optional int32 element = 1; optional Shape shape = 2; }
message Shape { repeated Dimension dim = 1; }
message Dimension { optional int64 size = 1; }`;

const float32 = 1;

/** An ONNX model whose `y` is the square of its `x`, both `side` x `side`: for large ones, tenths of a second in native code. */
export function squareModel(side: number): Uint8Array {
  const shape = { dim: [{ size: side }, { size: side }] };
  const slot = (name: string) => ({ name, type: { tensor: { element: float32, shape } } });
  const node = { input: ["x", "x"], output: ["y"], op: "MatMul" };
  const Model = protobuf.parse(format).root.lookupType("Model");
  const graph = { name: "square", node: [node], input: [slot("x")], output: [slot("y")] };
  return Model.encode(Model.fromObject({ irVersion: 10, opset: [{ version: 17 }], graph })).finish();
}
