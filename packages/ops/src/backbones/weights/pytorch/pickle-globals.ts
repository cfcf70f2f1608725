import type { WeightType } from "../weight-table.ts";
import { unsafeWeights, unsupportedWeights, shownName } from "../weights-errors.ts";
import type { PickleGlobal } from "./pickle-values.ts";

/**
 * The names that a pickle may ask Python for. Nothing is ever imported or called here: what a name does in PyTorch is either
 * written out in `reduce-global.ts`, or nothing (an inert value). Every other name is refused, since Python would run it.
 * @throws OpError `weights-unsafe`, or `weights-unsupported` for tensors of PyTorch that we do not read
 */
export function findGlobal(file: string, module: string, name: string): PickleGlobal {
  const full = `${module}.${name}`;
  if (isKnown(full)) return { kind: "global", name: full };
  const tensors = otherTensors.get(full);
  if (tensors) throw unsupportedWeights(file, `it holds ${tensors} (${full})`);
  throw unsafeWeights(file, `call ${shownName(full)}`);
}

function isKnown(full: string): boolean {
  return full === orderedDict || full === torchSize || rebuilds.has(full) || storageTypes.has(full) || isInert(full);
}

export const orderedDict = "collections.OrderedDict";
export const torchSize = "torch.Size";

/** The functions that PyTorch makes a tensor by. */
export type Rebuild = "tensor" | "parameter";
export const rebuilds: ReadonlyMap<string, Rebuild> = new Map([
  ["torch._utils._rebuild_tensor", "tensor"],
  ["torch._utils._rebuild_tensor_v2", "tensor"],
  ["torch._utils._rebuild_parameter", "parameter"],
]);

/** Null: a storage in an old form, whose elements have no type. */
export const storageTypes: ReadonlyMap<string, WeightType | null> = new Map([
  ["torch.DoubleStorage", "float64"],
  ["torch.FloatStorage", "float32"],
  ["torch.HalfStorage", "float16"],
  ["torch.BFloat16Storage", "bfloat16"],
  ["torch.LongStorage", "int64"],
  ["torch.IntStorage", "int32"],
  ["torch.ShortStorage", "int16"],
  ["torch.CharStorage", "int8"],
  ["torch.ByteStorage", "uint8"],
  ["torch.BoolStorage", "bool"],
  // Bytes, as `torch.load` reads it too.
  ["torch.storage.UntypedStorage", "uint8"],
  ["torch.storage.TypedStorage", null],
]);

/** Whether an object of this name may stand beside the weights: it becomes an inert value, whatever is done to it. */
export function mayBeBuilt(full: string): boolean {
  return inertObjects.has(full);
}

function isInert(full: string): boolean {
  return inertObjects.has(full) || inertValues.has(full);
}

/** The command line of a training, a last loss: what Meta's and others' checkpoints hold beside the weights. */
const inertObjects: ReadonlySet<string> = new Set([
  "argparse.Namespace",
  "pathlib.PosixPath",
  "numpy.dtype",
  "numpy.core.multiarray.scalar",
  "numpy._core.multiarray.scalar",
  "_codecs.encode",
  "torch.device",
]);

/** Element types as values. */
const inertValues: ReadonlySet<string> = new Set(
  [
    ...["float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2", "complex64", "complex128"],
    ...["int64", "int32", "int16", "int8", "uint64", "uint32", "uint16", "uint8", "bool"],
  ].map((type) => `torch.${type}`),
);

/** Harmless, and of no use for a backbone. */
const otherTensors: ReadonlyMap<string, string> = new Map([
  ["torch._utils._rebuild_qtensor", "quantised tensors"],
  ["torch._utils._rebuild_sparse_tensor", "sparse tensors"],
  ["torch._utils._rebuild_tensor_v3", "tensors of a type that is not read"],
  ["torch._utils._rebuild_meta_tensor_no_storage", "tensors without values"],
  ["torch._utils._rebuild_parameter_with_state", "parameters with attributes of their own"],
  ["torch._tensor._rebuild_from_type_v2", "tensors of a class of their own"],
  ["torch.ComplexFloatStorage", "complex numbers"],
  ["torch.ComplexDoubleStorage", "complex numbers"],
  ["torch.QInt8Storage", "quantised numbers"],
  ["torch.QUInt8Storage", "quantised numbers"],
  ["torch.QInt32Storage", "quantised numbers"],
]);
