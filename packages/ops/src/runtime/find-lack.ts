import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describeLack, type DeviceLack, type LackEvidence } from "./device-lack.ts";
import type { Accelerator } from "./device.ts";
import { findMissing } from "./loadable-libraries.ts";

/** What the CUDA provider of onnxruntime 1.30 needs, and the driver, as far as it is looked for to explain a failure. */
const cudaLibraries = [
  "libcuda.so.1",
  "libcudart.so.12",
  "libcublas.so.12",
  "libcublasLt.so.12",
  "libcufft.so.11",
  "libcurand.so.10",
  "libcudnn.so.9",
];

/**
 * What can be told of a device without starting it: whether its provider is installed and which of its libraries are not
 * found. Loads nothing of onnxruntime.
 */
export function collectEvidence(device: Accelerator): LackEvidence {
  const platform = `${process.platform}-${process.arch}`;
  // WebGPU is in every binary that has it at all; onnxruntime itself says where it is not.
  const hasProvider = device === "webgpu" || isInstalled("libonnxruntime_providers_cuda.so");
  return { platform, hasProvider, missing: hasProvider ? findMissing(neededBy(device)) : [], said: "" };
}

/** Why a device that was started does not work. @param said what onnxruntime and the drivers said */
export function explainFailure(device: Accelerator, said: string): DeviceLack {
  return describeLack(device, { ...collectEvidence(device), said });
}

function neededBy(device: Accelerator): readonly string[] {
  if (process.platform !== "linux") return [];
  return device === "cuda" ? cudaLibraries : ["libvulkan.so.1"];
}

/** Whether a library lies beside onnxruntime-node's own. */
function isInstalled(library: string): boolean {
  const require = createRequire(import.meta.url);
  try {
    // The package's main file is dist/index.js.
    const folder = join(dirname(require.resolve("onnxruntime-node")), "..");
    return existsSync(join(folder, "bin", "napi-v6", process.platform, process.arch, library));
  } catch {
    return false;
  }
}
