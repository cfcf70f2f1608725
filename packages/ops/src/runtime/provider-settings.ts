import { isMainThread } from "node:worker_threads";
import type { InferenceSession } from "onnxruntime-node";
import type { Device } from "./device.ts";

/** The part of a session's settings that hangs on its device. */
export interface ProviderSettings {
  readonly executionProviders: InferenceSession.ExecutionProviderConfig[];
  /** Entries of onnxruntime's session configuration, of the area `session`. */
  readonly session: Readonly<Record<string, string>>;
}

/**
 * onnxruntime adds the CPU behind every provider, for nodes that it does not take, and says nothing of it: `isStrict` makes
 * that an error when the session is opened. Float32 stays float32 on every device.
 */
export function providerSettings(device: Device, isStrict: boolean): ProviderSettings {
  if (device === "cpu") return { executionProviders: ["cpu"], session: {} };
  if (device === "cuda") forbidTf32();
  return { executionProviders: [device], session: isStrict ? { disable_cpu_ep_fallback: "1" } : {} };
}

/** What `isStrict` makes of a node that the device does not take. */
export const fellBack = /fallback to CPU EP has been explicitly disabled/;

/** What a process that computes on CUDA has in its environment from its start. */
export const cudaEnvironment = { NVIDIA_TF32_OVERRIDE: "0" } as const;

/**
 * On GPUs since Ampere products and convolutions of float32 are rounded to 10 bits (TF32) unless that is switched off.
 * onnxruntime has a provider option for it (`use_tf32`), which onnxruntime-node 1.30 does not pass on; this variable tells
 * NVIDIA's libraries the same, above whatever else is set. They read the environment of the process, which a thread of
 * Node's cannot change: processes that compute on CUDA are started with it.
 */
function forbidTf32(): void {
  if (isMainThread) Object.assign(process.env, cudaEnvironment);
  if (process.env["NVIDIA_TF32_OVERRIDE"] !== cudaEnvironment.NVIDIA_TF32_OVERRIDE) {
    throw new Error("A thread may compute on CUDA only in a process that was started without TF32.");
  }
}
