import type { InferenceSession } from "onnxruntime-node";
import { OpError } from "../op-error.ts";
import type { Accelerator, Device } from "./device.ts";
import { collectEvidence, explainFailure } from "./find-lack.ts";
import { watchPlacement, type PlacementWatch } from "./placement.ts";
import { fellBack, providerSettings } from "./provider-settings.ts";

export interface OpenOptions {
  readonly device: Device;
  /** All but what hangs on the device. */
  readonly settings: InferenceSession.SessionOptions;
  readonly load: (settings: InferenceSession.SessionOptions) => Promise<InferenceSession>;
  /** What the user knows the model by; null for a graph of ours. */
  readonly name: string | null;
}

export interface OpenedOnDevice {
  readonly session: InferenceSession;
  /** To be called after each run. @throws OpError `device-incomplete` after the first, where part of it ran on the CPU */
  readonly afterRun: () => void;
  /** To be called once the session is released: removes what it may have left behind. */
  readonly clean: () => void;
}

const nothing = (): void => undefined;

/**
 * Opens a session that computes on its device and nowhere else. Graphs of ours, and most models, lie on it as a whole, which
 * onnxruntime is made to promise. A model that works its shapes out inside the graph has small nodes on the CPU by the
 * provider's own choice; that is harmless, and no promise is given for it. Its first run is then profiled (nothing else says
 * which nodes ran where), and refused where anything but shapes was computed on the CPU.
 *
 * In one process no two sessions may run on WebGPU at the same time, on two threads: onnxruntime 1.30's share one command
 * encoder without a lock, and the process dies (its issue 32561; three of three tries did). Whoever has more than one worker
 * makes them processes.
 *
 * @throws OpError `device-unavailable`; what onnxruntime throws of the model itself
 */
export async function openOnDevice({ device, settings, load, name }: OpenOptions): Promise<OpenedOnDevice> {
  const open = (isStrict: boolean, more: InferenceSession.SessionOptions = {}): Promise<InferenceSession> => {
    const { executionProviders, session } = providerSettings(device, isStrict);
    const { session: given, ...extra } = (settings.extra ?? {}) as Readonly<Record<string, object>>;
    const all = { ...settings, ...more, executionProviders, extra: { ...extra, session: { ...given, ...session } } };
    return load(all);
  };
  if (device === "cpu") return { session: await open(false), afterRun: nothing, clean: nothing };
  // onnxruntime would say it on standard error.
  if (!collectEvidence(device).hasProvider) throw unavailable(device, "");
  try {
    return { session: await open(true), afterRun: nothing, clean: nothing };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (!fellBack.test(reason)) throw deviceFailed.test(reason) ? unavailable(device, reason) : error;
  }
  const watch = watchPlacement();
  const session = await openWatched(() => open(false, watch.settings), watch);
  let isChecked = false;
  const afterRun = (): void => {
    if (isChecked) return;
    isChecked = true;
    session.endProfiling();
    const operators = watch.read();
    if (operators.length > 0) throw incomplete(device, operators, name);
  };
  return { session, afterRun, clean: watch.clean };
}

async function openWatched(open: () => Promise<InferenceSession>, watch: PlacementWatch): Promise<InferenceSession> {
  try {
    return await open();
  } catch (error) {
    watch.clean();
    throw error;
  }
}

/** How providers say that they do not start, as against what is wrong with a model. */
const deviceFailed =
  /AppendExecutionProvider|providers_(cuda|shared)|WebGPU (adapter|device)|webgpu_context|unsupported: '(cuda|webgpu)'|CUDA failure|no available backend|cudaGetDevice|CUDNN_STATUS_NOT_INITIALIZED/i;

function unavailable(device: Accelerator, reason: string): OpError {
  const { found, advice } = explainFailure(device, reason);
  const error = new OpError("device-unavailable", `The device ${device} cannot be used: ${found}.`, advice);
  error.cause = new Error(reason);
  return error;
}

function incomplete(device: Accelerator, operators: readonly string[], name: string | null): OpError {
  return new OpError(
    "device-incomplete",
    `Part of ${name ?? "the graph"} cannot be computed on ${device}: ${operators.join(", ")}.`,
    "Use `--device cpu`; or export the model with other operators.",
  );
}
