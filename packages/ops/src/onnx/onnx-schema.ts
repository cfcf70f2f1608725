import type { INamespace } from "protobufjs/light.js";

/** Protobuf bytes of a ModelProto to a message and back. */
export interface OnnxSchema {
  /** Byte fields are views of `bytes`; fields that the schema does not know are kept in the message. @throws Error */
  decode(bytes: Uint8Array): object;
  encode(model: object): Uint8Array;
}

/**
 * The messages of the published onnx-ml.proto (IR version 14), by field number. Enumerations are written as the int32
 * that they are on the wire. protobufjs is loaded here and only when called, so that listing ops costs nothing.
 */
export async function loadOnnxSchema(): Promise<OnnxSchema> {
  const { default: protobuf } = await import("protobufjs/light.js");
  const model = protobuf.Root.fromJSON(descriptor()).lookupType("Model");
  return {
    decode(bytes) {
      const reader = protobuf.Reader.create(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      reader.discardUnknown = false;
      return model.decode(reader);
    },
    encode(message) {
      const bytes = model.encode(message).finish();
      // A plain view: protobufjs gives a Buffer.
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
  };
}

/** Field number, type, and whether it repeats; only the typed data of a tensor is packed. */
type Field = readonly [id: number, type: string, rule?: "repeated" | "packed"];

const messages: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  Model: {
    irVersion: [1, "int64"],
    producerName: [2, "string"],
    producerVersion: [3, "string"],
    domain: [4, "string"],
    modelVersion: [5, "int64"],
    docString: [6, "string"],
    graph: [7, "Graph"],
    opsetImport: [8, "OperatorSetId", "repeated"],
    metadataProps: [14, "StringStringEntry", "repeated"],
    trainingInfo: [20, "TrainingInfo", "repeated"],
    functions: [25, "Function", "repeated"],
    configuration: [26, "DeviceConfiguration", "repeated"],
  },
  Graph: {
    node: [1, "Node", "repeated"],
    name: [2, "string"],
    initializer: [5, "Tensor", "repeated"],
    docString: [10, "string"],
    input: [11, "ValueInfo", "repeated"],
    output: [12, "ValueInfo", "repeated"],
    valueInfo: [13, "ValueInfo", "repeated"],
    quantizationAnnotation: [14, "TensorAnnotation", "repeated"],
    sparseInitializer: [15, "SparseTensor", "repeated"],
    metadataProps: [16, "StringStringEntry", "repeated"],
  },
  Node: {
    input: [1, "string", "repeated"],
    output: [2, "string", "repeated"],
    name: [3, "string"],
    opType: [4, "string"],
    attribute: [5, "Attribute", "repeated"],
    docString: [6, "string"],
    domain: [7, "string"],
    overload: [8, "string"],
    metadataProps: [9, "StringStringEntry", "repeated"],
    deviceConfigurations: [10, "NodeDeviceConfiguration", "repeated"],
  },
  Attribute: {
    name: [1, "string"],
    f: [2, "float"],
    i: [3, "int64"],
    s: [4, "bytes"],
    t: [5, "Tensor"],
    g: [6, "Graph"],
    floats: [7, "float", "repeated"],
    ints: [8, "int64", "repeated"],
    strings: [9, "bytes", "repeated"],
    tensors: [10, "Tensor", "repeated"],
    graphs: [11, "Graph", "repeated"],
    docString: [13, "string"],
    tp: [14, "Type"],
    typeProtos: [15, "Type", "repeated"],
    type: [20, "int32"],
    refAttrName: [21, "string"],
    sparseTensor: [22, "SparseTensor"],
    sparseTensors: [23, "SparseTensor", "repeated"],
  },
  Tensor: {
    dims: [1, "int64", "repeated"],
    dataType: [2, "int32"],
    segment: [3, "Segment"],
    floatData: [4, "float", "packed"],
    int32Data: [5, "int32", "packed"],
    stringData: [6, "bytes", "repeated"],
    int64Data: [7, "int64", "packed"],
    name: [8, "string"],
    rawData: [9, "bytes"],
    doubleData: [10, "double", "packed"],
    uint64Data: [11, "uint64", "packed"],
    docString: [12, "string"],
    externalData: [13, "StringStringEntry", "repeated"],
    dataLocation: [14, "int32"],
    metadataProps: [16, "StringStringEntry", "repeated"],
  },
  Segment: { begin: [1, "int64"], end: [2, "int64"] },
  SparseTensor: { values: [1, "Tensor"], indices: [2, "Tensor"], dims: [3, "int64", "repeated"] },
  ValueInfo: {
    name: [1, "string"],
    type: [2, "Type"],
    docString: [3, "string"],
    metadataProps: [4, "StringStringEntry", "repeated"],
  },
  Type: {
    tensorType: [1, "TensorType"],
    sequenceType: [4, "ElementOf"],
    mapType: [5, "MapType"],
    denotation: [6, "string"],
    opaqueType: [7, "OpaqueType"],
    sparseTensorType: [8, "TensorType"],
    optionalType: [9, "ElementOf"],
  },
  TensorType: { elemType: [1, "int32"], shape: [2, "TensorShape"] },
  ElementOf: { elemType: [1, "Type"] },
  MapType: { keyType: [1, "int32"], valueType: [2, "Type"] },
  OpaqueType: { domain: [1, "string"], name: [2, "string"] },
  TensorShape: { dim: [1, "Dimension", "repeated"] },
  Dimension: { dimValue: [1, "int64"], dimParam: [2, "string"], denotation: [3, "string"] },
  OperatorSetId: { domain: [1, "string"], version: [2, "int64"] },
  StringStringEntry: { key: [1, "string"], value: [2, "string"] },
  TensorAnnotation: { tensorName: [1, "string"], quantParameterTensorNames: [2, "StringStringEntry", "repeated"] },
  TrainingInfo: {
    initialization: [1, "Graph"],
    algorithm: [2, "Graph"],
    initializationBinding: [3, "StringStringEntry", "repeated"],
    updateBinding: [4, "StringStringEntry", "repeated"],
  },
  Function: {
    name: [1, "string"],
    input: [4, "string", "repeated"],
    output: [5, "string", "repeated"],
    attribute: [6, "string", "repeated"],
    node: [7, "Node", "repeated"],
    docString: [8, "string"],
    opsetImport: [9, "OperatorSetId", "repeated"],
    domain: [10, "string"],
    attributeProto: [11, "Attribute", "repeated"],
    valueInfo: [12, "ValueInfo", "repeated"],
    overload: [13, "string"],
    metadataProps: [14, "StringStringEntry", "repeated"],
  },
  DeviceConfiguration: { name: [1, "string"], numDevices: [2, "int32"], device: [3, "string", "repeated"] },
  NodeDeviceConfiguration: {
    configurationId: [1, "string"],
    shardingSpec: [2, "ShardingSpec", "repeated"],
    pipelineStage: [3, "int32"],
  },
  ShardingSpec: {
    tensorName: [1, "string"],
    device: [2, "int64", "repeated"],
    indexToDeviceGroupMap: [3, "IntIntListEntry", "repeated"],
    shardedDim: [4, "ShardedDim", "repeated"],
  },
  IntIntListEntry: { key: [1, "int64"], value: [2, "int64", "repeated"] },
  ShardedDim: { axis: [1, "int64"], simpleSharding: [2, "SimpleShardedDim", "repeated"] },
  SimpleShardedDim: { dimValue: [1, "int64"], dimParam: [2, "string"], numShards: [3, "int64"] },
};

function descriptor(): INamespace {
  return { nested: Object.fromEntries(Object.entries(messages).map(([name, fields]) => [name, typeOf(fields)])) };
}

function typeOf(fields: Readonly<Record<string, Field>>) {
  return {
    // With explicit presence: an attribute that is zero is written, not left out.
    edition: "proto2",
    fields: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fieldOf(field)])),
  };
}

function fieldOf([id, type, rule]: Field) {
  if (rule === undefined) return { id, type };
  return { id, type, rule: "repeated", options: { packed: rule === "packed" } };
}
