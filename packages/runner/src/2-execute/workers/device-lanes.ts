import { tmpdir } from "node:os";
import { cudaEnvironment } from "@exp-lab/ops";
import type { OpCall } from "../executor.ts";
import type { WorkerSettings } from "./worker-messages.ts";

/**
 * Lanes of work that needs a device, however many cores and tasks there are. A GPU has one queue: more lanes make it no faster,
 * and each holds the weights (and some hundred megabytes of the driver's) in its memory. With a single one it would stand
 * still while that lane decodes and prepares the next images, since a forward pass blocks the thread that asked for it; with
 * two, one prepares while the other's pass runs.
 *
 * They are processes, always: onnxruntime 1.30 dies of two sessions that run on WebGPU in one process at the same time, a
 * driver that crashes takes one lane along and not the run, and what keeps CUDA from rounding float32 is a variable of a
 * process's environment.
 */
export const deviceLanes = 2;

export function needsDevice({ device = "cpu" }: OpCall): boolean {
  return device !== "cpu";
}

/** What a device's lane has beside it: its share of the cores, for what is prepared and for shapes. */
export function deviceSettings(cores: number, registry: string | null): WorkerSettings {
  return { threads: Math.max(1, Math.floor(cores / deviceLanes)), registry };
}

/** What a device's process has in its environment beside the coordinator's. */
export function deviceEnvironment(): Readonly<Record<string, string>> {
  // Mesa's part of Vulkan complains on standard error where this is not set, as it never is in a container.
  return { XDG_RUNTIME_DIR: process.env["XDG_RUNTIME_DIR"] ?? tmpdir(), ...cudaEnvironment };
}
