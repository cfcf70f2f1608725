import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import type * as Runtime from "onnxruntime-node";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { OpError } from "../op-error.ts";
import type { Device } from "./device.ts";
import { callNative } from "./native-calls.ts";
import { openOnDevice } from "./open-on-device.ts";

export interface SessionOptions {
  readonly model: ModelSource;
  /** By default the CPU. Of sessions on WebGPU only one may be running in a process at a time: see `open-on-device.ts`. */
  readonly device?: Device;
  /** Threads of one operator; by default one per core. */
  readonly threads?: number;
  /**
   * `training`: threads wait a little for the next of many small operators, and memory is not set aside by pattern (with saved
   * activations that held half as much again, and grew). `network`: the same, and the graph runs as it is written: the order of its
   * nodes is what its memory is planned by, and onnxruntime 1.30's rewriting of selections breaks some gradients.
   */
  readonly use?: "inference" | "training" | "network";
}

export interface ModelSource {
  /** A file's path, or the bytes of a model. */
  readonly data: string | Uint8Array;
  /** Files that a model in bytes keeps its large weights in: `location` as the model spells it, `path` where it lies. */
  readonly externalFiles?: readonly { readonly location: string; readonly path: string }[];
  /**
   * The folder that a model in bytes keeps its large weights in: each is read in place, by the path inside the folder that the model
   * spells. No other file can be named.
   */
  readonly externalFolder?: string;
  /** What the user knows the model by; null for a graph of our own, whose errors are bugs. */
  readonly name: string | null;
}

/** A loaded graph. `run` and opening block the calling thread: never on the coordinator's. */
export interface Session {
  readonly inputs: readonly TensorSlot[];
  readonly outputs: readonly TensorSlot[];
  /** The provider and the runtime's version, e.g. `cpu onnxruntime 1.30.0`. */
  readonly madeBy: string;
  /** Values of the named outputs, all of them float32. @throws OpError `onnx-run-failed`, `onnx-output-type` */
  run(inputs: TensorValues, outputs: readonly string[]): Promise<ReadonlyMap<string, FloatTensor>>;
  /** Values of the named outputs, whatever their type. @throws OpError `onnx-run-failed`, `onnx-output-type` */
  evaluate(inputs: TensorValues, outputs: readonly string[]): Promise<ReadonlyMap<string, TensorValue>>;
  /** The same, written into arrays that are there, of the outputs' types and sizes. @throws OpError `onnx-run-failed` */
  runInto(inputs: TensorValues, outputs: TensorValues): Promise<void>;
  close(): Promise<void>;
}

/** One input or output as the model declares it. */
export interface TensorSlot {
  readonly name: string;
  /** onnxruntime's name of the element type, e.g. `float32`; null where it is no tensor. */
  readonly type: string | null;
  /** Null for a dimension that is not fixed. */
  readonly dims: readonly (number | null)[];
}

/** Float32, row-major. */
export interface FloatTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/**
 * A tensor, row-major, of the element type that its array has. As an input it is read in place, however large, and must
 * not lie on shared memory: onnxruntime-node does not take that.
 */
export interface TensorValue {
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array;
  readonly dims: readonly number[];
}

export type TensorValues = Readonly<Record<string, TensorValue>>;

/**
 * Loads a graph. The only place that loads onnxruntime-node, and only when called.
 * @throws OpError `onnx-load-failed` where onnxruntime cannot take the user's model; `device-unavailable`; `device-incomplete`
 * where the device does not have all that the graph takes
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { model, device = "cpu", threads, use = "inference" } = options;
  const runtime = await import("onnxruntime-node");
  const isTraining = use !== "inference";
  const settings: InferenceSession.SessionOptions = {
    intraOpNumThreads: threads ?? availableParallelism(),
    interOpNumThreads: 1,
    // Only fatal errors are printed: what the user can mend arrives as an exception.
    logSeverityLevel: 4,
    extra: { session: { intra_op: isTraining ? shortSpinning : noSpinning, ...placeOfWeights(model) } },
    enableMemPattern: !isTraining,
    graphOptimizationLevel: use === "network" ? "disabled" : "all",
    externalData: await readExternalFiles(model),
  };
  const load = (all: InferenceSession.SessionOptions) =>
    callNative(() =>
      typeof model.data === "string"
        ? runtime.InferenceSession.create(model.data, all)
        : runtime.InferenceSession.create(model.data, all),
    );
  const { session, afterRun, clean } = await blaming(model.name, loadFailure, () =>
    openOnDevice({ device, settings, load, name: model.name }),
  );
  const tensorsOf = (values: TensorValues) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, tensorOf(runtime, value)]));
  const evaluate: Session["evaluate"] = async (inputs, outputs) => {
    const feeds = tensorsOf(inputs);
    const results = await blaming(model.name, runFailure, () => callNative(() => session.run(feeds, outputs)));
    afterRun();
    return new Map(outputs.map((name) => [name, valueOf(name, results[name], model.name)]));
  };

  return {
    inputs: session.inputMetadata.map(slotOf),
    outputs: session.outputMetadata.map(slotOf),
    madeBy: `${device} onnxruntime ${runtime.env.versions.node ?? runtime.env.versions.common}`,
    async run(inputs, outputs) {
      const values = await evaluate(inputs, outputs);
      return new Map(outputs.map((name) => [name, floatsOf(name, values.get(name), model.name)]));
    },
    evaluate,
    async runInto(inputs, outputs) {
      const [feeds, fetches] = [tensorsOf(inputs), tensorsOf(outputs)];
      await blaming(model.name, runFailure, () => callNative(() => session.run(feeds, fetches)));
      afterRun();
    },
    close: async () => {
      await callNative(() => session.release());
      clean();
    },
  };
}

/** Threads that spin between operators take the cores from decoding. */
const noSpinning = { allow_spinning: "0" };

/**
 * A training step is many small operators: threads that sleep between them cost a fifth of it. But those that spin for long
 * (a millisecond by default) take turns with whatever else runs and then make it three times slower; 100 us cost nothing then.
 */
const shortSpinning = { allow_spinning: "1", spin_duration_us: "100" };

/** onnxruntime finds external weights itself beside a model that it is given by path, and takes them as buffers otherwise. */
async function readExternalFiles({
  externalFiles = [],
}: ModelSource): Promise<readonly { path: string; data: Uint8Array }[]> {
  return Promise.all(externalFiles.map(async ({ location, path }) => ({ path: location, data: await readFile(path) })));
}

/** onnxruntime resolves what such a model names against this folder and refuses what leads out of it. */
function placeOfWeights({ externalFolder }: ModelSource): Readonly<Record<string, string>> {
  return externalFolder === undefined ? {} : { model_external_initializers_file_folder_path: externalFolder };
}

function slotOf(metadata: InferenceSession.ValueMetadata): TensorSlot {
  if (!metadata.isTensor) return { name: metadata.name, type: null, dims: [] };
  const dims = metadata.shape.map((size) => (typeof size === "number" && size > 0 ? size : null));
  return { name: metadata.name, type: metadata.type, dims };
}

function tensorOf(runtime: typeof Runtime, { data, dims }: TensorValue): Tensor {
  if (data instanceof Float32Array) return new runtime.Tensor("float32", data, dims);
  if (data instanceof Float64Array) return new runtime.Tensor("float64", data, dims);
  if (data instanceof Int32Array) return new runtime.Tensor("int32", data, dims);
  return new runtime.Tensor("int64", data, dims);
}

function valueOf(name: string, tensor: Tensor | undefined, model: string | null): TensorValue {
  const data = tensor?.data;
  const isFloat = data instanceof Float32Array || data instanceof Float64Array;
  const isKnown = isFloat || data instanceof Int32Array || data instanceof BigInt64Array;
  if (tensor === undefined || !isKnown) throw unreadableOutput(name, tensor?.type ?? null, model);
  return { data, dims: tensor.dims };
}

function floatsOf(name: string, value: TensorValue | undefined, model: string | null): FloatTensor {
  if (value?.data instanceof Float32Array) return { data: value.data, dims: value.dims };
  throw unreadableOutput(name, value === undefined ? null : typeOf(value), model);
}

function typeOf({ data }: TensorValue): string {
  if (data instanceof Float64Array) return "float64";
  return data instanceof Int32Array ? "int32" : "int64";
}

function unreadableOutput(name: string, type: string | null, model: string | null): OpError {
  return new OpError(
    "onnx-output-type",
    `The output "${name}" of ${model ?? "the graph"} is ${type === null ? "missing" : `of type ${type}`}; features are read from float32 tensors.`,
    "Name another output, or export the model in float32.",
  );
}

interface FailureKind {
  readonly code: string;
  readonly verb: string;
  readonly hint: string;
}

const loadFailure: FailureKind = {
  code: "onnx-load-failed",
  verb: "load",
  hint: "If the model uses operators of its own or a newer operator set, export it with standard operators and an older opset.",
};

const runFailure: FailureKind = {
  code: "onnx-run-failed",
  verb: "run",
  hint: "Check the image size that the model was exported for, and whether its batch dimension is free.",
};

/** onnxruntime's exceptions on a user's model, and those about memory on any, become that user's errors; those on our own graphs stay what they are. */
async function blaming<Result>(name: string | null, kind: FailureKind, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof OpError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    if (noMemory.test(reason)) {
      const what = name ?? "a graph";
      throw new OpError(
        "out-of-memory",
        `There is not enough memory to ${kind.verb} ${what}: ${oneLine(reason)}`,
        memoryHint,
      );
    }
    if (name === null) throw error;
    throw new OpError(kind.code, `onnxruntime cannot ${kind.verb} ${name}: ${oneLine(reason)}`, kind.hint);
  }
}

/** How onnxruntime and its providers say that memory has run out. */
const noMemory =
  /bad[ _]?alloc|out of (device )?memory|out_of_device_memory|alloc_failed|failed to allocate memory|cannot allocate/i;

const memoryHint = "Use a smaller image size or backbone, fewer jobs at once, or a machine with more memory.";

/** onnxruntime spreads its reasons over lines and may list whole graphs. */
function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= 400 ? line : `${line.slice(0, 400)} ...`;
}
