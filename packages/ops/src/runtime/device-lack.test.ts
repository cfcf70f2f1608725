import { describe, expect, it } from "vitest";
import { describeLack, type LackEvidence } from "./device-lack.ts";

const whole: LackEvidence = { platform: "linux-x64", hasProvider: true, missing: [], said: "" };

const sayings = {
  noDriver: "Failed to get a WebGPU adapter: No supported adapters\nWarning: vkCreateInstance: Found no drivers!",
  refused:
    "Warning: Vulkan shaderUniform*ArrayDynamicIndexing required.\n - While initializing adapter\nNo supported adapters",
  tooOld: "CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version",
  noGpu: "CUDA failure 100: no CUDA-capable device is detected",
};

describe("says what CUDA lacks, and how to get it", () => {
  it.each([
    [{ platform: "darwin-arm64", hasProvider: false }, "Linux x64 only", "--device webgpu"],
    [{ hasProvider: false }, "libonnxruntime_providers_cuda.so", "ONNXRUNTIME_NODE_INSTALL=cuda12"],
    [{ missing: ["libcuda.so.1", "libcudart.so.12"] }, "no NVIDIA driver", "--gpus all"],
    [
      { missing: ["libcudart.so.12", "libcudnn.so.9"] },
      "does not find libcudart.so.12, libcudnn.so.9",
      "LD_LIBRARY_PATH",
    ],
    [{ said: sayings.tooOld }, "driver is too old", "525"],
    [{ said: sayings.noGpu }, "sees no GPU", "CUDA_VISIBLE_DEVICES"],
    [{ said: "first\n\nsecond thing\n" }, "CUDA does not start: second thing", "nvidia-smi"],
  ] as const)("%j", (change, found, advice) => {
    const lack = describeLack("cuda", { ...whole, ...change });
    expect(lack.found).toContain(found);
    expect(lack.advice).toContain(advice);
  });
});

describe("says what WebGPU lacks, and how to get it", () => {
  const exposed = "NVIDIA_DRIVER_CAPABILITIES=graphics,compute,utility";
  it.each([
    [{ missing: ["libvulkan.so.1"] }, "no Vulkan loader (libvulkan.so.1 is not found)", "apt-get install libvulkan1"],
    [{ missing: ["libvulkan.so.1"] }, "no Vulkan loader", exposed],
    [{ said: sayings.noDriver }, "no adapter is found", exposed],
    [{ said: sayings.refused }, "lacks something (Vulkan shaderUniform*ArrayDynamicIndexing required.)", exposed],
    [
      { said: "Invalid argument: executionProviders[0] is unsupported: 'webgpu'." },
      "has no WebGPU provider",
      "another device",
    ],
    [{ said: "it rounds float32 to fewer bits than it has" }, "rounds float32 to fewer bits", "newer driver"],
  ] as const)("%j", (change, found, advice) => {
    const lack = describeLack("webgpu", { ...whole, ...change });
    expect(lack.found).toContain(found);
    expect(lack.advice).toContain(advice);
  });
});
