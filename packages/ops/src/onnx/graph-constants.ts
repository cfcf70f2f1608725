import { createHash } from "node:crypto";
import { bytesOfValues, elementTypeOf, roundToType } from "./element-values.ts";
import type { FloatType, GraphTensor, GraphType } from "./graph-builder.ts";
import { elementTypes, type OnnxTensor } from "./onnx-model.ts";
import { numberOf } from "./read-model.ts";
import { elementCount, formatShape, sameDimension, type Shape } from "./shapes.ts";

/** Tensors that are written in a graph. All scopes of one graph share them. */
export interface GraphConstants {
  /** A weight: float32, row-major. */
  weight(name: string, values: Float32Array, shape: Shape): GraphTensor;
  /**
   * A tensor as a model file has it, whose bytes (or where they lie) are taken over as they are; asked again it is the same. One of the
   * same name that holds something else, e.g. of another model, gets a name of its own.
   */
  stored(tensor: OnnxTensor): GraphTensor;
  /** A list of integers (axes, shapes, bounds), or one integer; equal ones are stored once. */
  integers(values: readonly number[] | number): GraphTensor;
  /** A single float. */
  scalar(value: number, type?: FloatType): GraphTensor;
  /** A list of floats; equal ones are stored once. */
  floats(values: readonly number[], type?: FloatType): GraphTensor;
  /** Values of any type and shape, row-major; equal ones are stored once. */
  constant(values: readonly number[], of: ConstantKind): GraphTensor;
  /** Whether a tensor is written in the graph, by any of these. */
  isConstant(tensor: GraphTensor): boolean;
  /** The values of a tensor that was made by `integers`, `scalar`, `floats` or `constant`; null for any other. */
  valuesOf(tensor: GraphTensor): readonly number[] | null;
  /** The values of whole numbers that were made by `integers` or `constant`; null for any other tensor. */
  integersOf(tensor: GraphTensor): readonly number[] | null;
  /** The values of floats that were made by `floats`, `scalar` or `constant`; null for any other tensor. */
  floatsOf(tensor: GraphTensor): readonly number[] | null;
}

export interface ConstantKind {
  readonly type: GraphType;
  readonly shape: readonly number[];
}

export interface ConstantStore {
  readonly makers: GraphConstants;
  /** All of them, in the order in which they were made. */
  readonly tensors: ReadonlyMap<string, OnnxTensor>;
}

export function createConstants(): ConstantStore {
  const tensors = new Map<string, OnnxTensor>();
  const known = new Map<string, readonly number[]>();

  const named = (name: string, values: readonly number[], { type, shape }: ConstantKind): GraphTensor => {
    const tensor = { name, type, shape };
    if (tensors.has(name)) return tensor;
    if (!sameDimension(elementCount(shape), values.length)) {
      throw new Error(`${String(values.length)} values do not fill ${formatShape(shape)}.`);
    }
    known.set(
      name,
      values.map((value) => roundToType(value, type)),
    );
    const rawData = bytesOfValues(values, type);
    tensors.set(name, { name, dataType: elementTypes[type], dims: shape, rawData });
    return tensor;
  };
  const valuesOf = ({ name }: GraphTensor): readonly number[] | null => known.get(name) ?? null;

  const makers: GraphConstants = {
    weight(name, values, shape) {
      if (tensors.has(name)) throw new Error(`The graph has two weights "${name}".`);
      if (!sameDimension(elementCount(shape), values.length)) {
        throw new Error(`Weight "${name}" has ${String(values.length)} values for the shape ${formatShape(shape)}.`);
      }
      const dims = shape.map((size) => (typeof size === "number" ? size : 0));
      const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      tensors.set(name, { name, dataType: elementTypes.float32, dims, rawData });
      return { name, type: "float32", shape };
    },
    stored(tensor) {
      const type = elementTypeOf(tensor.dataType);
      if (type === null)
        throw new Error(`The tensor "${tensor.name ?? ""}" is of element type ${tensor.dataType ?? 0}.`);
      const name = freeName(tensors, tensor);
      tensors.set(name, { ...tensor, name });
      return { name, type, shape: (tensor.dims ?? []).map(numberOf) };
    },
    integers(values) {
      const list = typeof values === "number" ? [values] : values;
      const name = `integer${typeof values === "number" ? "" : "s"}:${list.join(",")}`;
      return named(name, list, { type: "int64", shape: typeof values === "number" ? [] : [list.length] });
    },
    scalar: (value, type = "float32") => named(`${kindOf(type)}:${String(value)}`, [value], { type, shape: [] }),
    floats: (values, type = "float32") =>
      named(`${kindOf(type)}s:${nameOf(values)}`, values, { type, shape: [values.length] }),
    constant(values, { type, shape }) {
      const isList = shape.length === 1;
      if (type === "int64" && (isList || shape.length === 0)) {
        const whole = values.map(Math.trunc);
        return makers.integers(isList ? whole : whole[0]!);
      }
      return named(`${type}[${shape.join(",")}]:${nameOf(values)}`, values, { type, shape });
    },
    isConstant: ({ name }) => tensors.has(name),
    valuesOf,
    integersOf: (tensor) => (tensor.type === "int64" || tensor.type === "int32" ? valuesOf(tensor) : null),
    floatsOf: (tensor) => (tensor.type.startsWith("float") ? valuesOf(tensor) : null),
  };
  return { makers, tensors };
}

/** The tensor's own name, or that with a number where another tensor has it. */
function freeName(tensors: ReadonlyMap<string, OnnxTensor>, tensor: OnnxTensor): string {
  const own = tensor.name ?? "";
  for (let copy = 1; ; copy += 1) {
    const name = copy === 1 ? own : `${own}:${copy}`;
    const held = tensors.get(name);
    if (held === undefined || holdSame(held, tensor)) return name;
  }
}

/** Whether two tensors are one but for their names: most often their parts are the very same. */
function holdSame(a: OnnxTensor, b: OnnxTensor): boolean {
  const parts = [...Object.keys(a), ...Object.keys(b)] as (keyof OnnxTensor)[];
  return parts.every((part) => part === "name" || isSamePart(a[part], b[part]));
}

function isSamePart(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return JSON.stringify(a) === JSON.stringify(b);
}

function kindOf(type: FloatType): string {
  return type === "float32" ? "float" : type;
}

/** Short lists are told by their values, long ones (a matrix) by a hash of them. */
function nameOf(values: readonly number[]): string {
  if (values.length <= longestName)
    return values.map((value) => (Object.is(value, -0) ? "-0" : String(value))).join(",");
  return createHash("sha256").update(Float64Array.from(values)).digest("hex").slice(0, 32);
}

const longestName = 64;
