/**
 * An ONNX model as plain data, after the messages of the published onnx.proto. Where we write a model, fields may be
 * left out; what a file leaves out reads as protobuf's default: zero, empty, or absent where it is a message of its own.
 * Enumerations are their numbers.
 */
export interface OnnxModel {
  readonly irVersion?: Int64;
  readonly opsetImport?: readonly OperatorSet[];
  readonly producerName?: string;
  readonly producerVersion?: string;
  readonly domain?: string;
  readonly modelVersion?: Int64;
  readonly docString?: string;
  readonly graph: OnnxGraph;
  readonly functions?: readonly OnnxFunction[];
  readonly metadataProps?: readonly StringEntry[];
}

/** What nodes of its domain and name stand for: nodes over the names of its inputs. */
export interface OnnxFunction {
  readonly name?: string;
  readonly domain?: string;
  readonly overload?: string;
  readonly input?: readonly string[];
  readonly output?: readonly string[];
  /** Names of attributes without a default. */
  readonly attribute?: readonly string[];
  /** Attributes with one. */
  readonly attributeProto?: readonly OnnxAttribute[];
  readonly node?: readonly OnnxNode[];
  readonly opsetImport?: readonly OperatorSet[];
}

export interface OnnxGraph {
  readonly node?: readonly OnnxNode[];
  readonly name?: string;
  readonly initializer?: readonly OnnxTensor[];
  readonly docString?: string;
  readonly input?: readonly ValueInfo[];
  readonly output?: readonly ValueInfo[];
  readonly valueInfo?: readonly ValueInfo[];
}

export interface OnnxNode {
  /** Names of tensors; an empty name stands for an optional input that is left out. */
  readonly input?: readonly string[];
  readonly output?: readonly string[];
  readonly name?: string;
  readonly opType?: string;
  readonly domain?: string;
  readonly overload?: string;
  readonly attribute?: readonly OnnxAttribute[];
}

export interface OnnxAttribute {
  readonly name?: string;
  /** Inside a function: the attribute of the node that calls it, whose value this one takes. */
  readonly refAttrName?: string;
  /** Which of the fields below is in use: one of `attributeTypes`. */
  readonly type?: number;
  readonly f?: number;
  readonly i?: Int64;
  /** UTF-8. */
  readonly s?: Uint8Array;
  /** Null where a file that was read has none. */
  readonly t?: OnnxTensor | null;
  readonly g?: OnnxGraph | null;
  readonly floats?: readonly number[];
  readonly ints?: readonly Int64[];
  readonly tensors?: readonly OnnxTensor[];
  readonly graphs?: readonly OnnxGraph[];
}

export interface OnnxTensor {
  readonly dims?: readonly Int64[];
  /** One of `elementTypes`. */
  readonly dataType?: number;
  readonly name?: string;
  /** Little-endian values, row-major. */
  readonly rawData?: Uint8Array;
  readonly floatData?: readonly number[];
  readonly int32Data?: readonly number[];
  readonly int64Data?: readonly Int64[];
  readonly doubleData?: readonly number[];
  /** With `dataLocation` 1: `location` (a path relative to the model's folder), `offset`, `length`. */
  readonly externalData?: readonly StringEntry[];
  readonly dataLocation?: number;
}

export interface ValueInfo {
  readonly name?: string;
  readonly type?: {
    readonly tensorType?: { readonly elemType?: number; readonly shape?: { readonly dim?: readonly OnnxDimension[] } };
  };
}

/** The name of a free size where there is one, or else a fixed size; zero where nothing is known. */
export interface OnnxDimension {
  readonly dimValue?: Int64;
  readonly dimParam?: string;
}

export interface OperatorSet {
  readonly domain?: string;
  readonly version?: Int64;
}

export interface StringEntry {
  readonly key?: string;
  readonly value?: string;
}

/** A 64-bit integer: as read from a file in two signed halves, or a safe integer where we write one. */
export type Int64 = number | { readonly low: number; readonly high: number; readonly unsigned: boolean };

/** AttributeProto.AttributeType. */
export const attributeTypes = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, floats: 6, ints: 7 } as const;

/** TensorProto.DataType, as far as we name them. */
export const elementTypes = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10, float64: 11 } as const;

export type ElementType = keyof typeof elementTypes;
