import type { Accelerator } from "./device.ts";

/** What is known of a device that does not work. */
export interface LackEvidence {
  readonly platform: string;
  /** False where this build of onnxruntime, or this installation, has no provider for the device. */
  readonly hasProvider: boolean;
  /** Libraries that the dynamic loader does not find, e.g. `libcudnn.so.9`. */
  readonly missing: readonly string[];
  /** What onnxruntime and the drivers said; empty where nothing was asked of them. */
  readonly said: string;
}

/** What a device lacks, for people: a clause, and what to do. */
export interface DeviceLack {
  /** In few words, e.g. `no Vulkan loader`. */
  readonly gist: string;
  readonly found: string;
  readonly advice: string;
  /** True where it is installed and does not work, as against what is simply not there. */
  readonly isFault: boolean;
}

/** In words: the first thing that is wrong, since what comes after it cannot be told before that is mended. */
export function describeLack(device: Accelerator, evidence: LackEvidence): DeviceLack {
  return device === "cuda" ? cudaLack(evidence) : webgpuLack(evidence);
}

/** Run by itself: npm 11 runs no install script that package.json does not allow, `npm rebuild` neither, and says nothing of it. */
const installCuda = "`ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js`";

const driverLibrary = "libcuda.so.1";

function cudaLack({ platform, hasProvider, missing, said }: LackEvidence): DeviceLack {
  if (platform !== "linux-x64") {
    return {
      gist: "Linux x64 only",
      isFault: false,
      found: `onnxruntime-node has CUDA for Linux x64 only, and this is ${platform}`,
      advice: "Use `--device webgpu` or the CPU.",
    };
  }
  if (!hasProvider) {
    return {
      gist: "not installed",
      isFault: false,
      found: "onnxruntime's CUDA provider is not installed (libonnxruntime_providers_cuda.so)",
      advice: `For an NVIDIA GPU, run ${installCuda} in the project's folder, which fetches it from NuGet; CUDA 12 and cuDNN 9 have to be there too.`,
    };
  }
  if (missing.includes(driverLibrary)) {
    return {
      gist: "no NVIDIA driver",
      isFault: false,
      found: `there is no NVIDIA driver (${driverLibrary} is not found)`,
      advice:
        "Run it on a machine with a GPU: on a cluster in a job that asks for one, in a container with `--gpus all` (Docker) or `--nv` (Apptainer).",
    };
  }
  if (/driver version is insufficient|forward compatibility|CUDA failure 35\b/i.test(said)) {
    return {
      gist: "driver too old",
      isFault: true,
      found: "the NVIDIA driver is too old for CUDA 12",
      advice: "Install driver 525 or newer.",
    };
  }
  if (/no CUDA-capable device|CUDA failure 100\b|invalid device ordinal/i.test(said)) {
    return {
      gist: "no GPU",
      isFault: false,
      found: "CUDA sees no GPU",
      advice: "Ask for one: in a job by `--gres=gpu:1`; CUDA_VISIBLE_DEVICES may hide those that are there.",
    };
  }
  if (missing.length > 0) {
    return {
      gist: `no ${missing.join(", ")}`,
      isFault: true,
      found: `the dynamic loader does not find ${missing.join(", ")}`,
      advice:
        "Install CUDA 12 and cuDNN 9 (on a cluster often `module load cuda/12 cudnn/9`), and name their folders in LD_LIBRARY_PATH.",
    };
  }
  return {
    gist: "does not start",
    isFault: true,
    found: `CUDA does not start: ${lastWords(said)}`,
    advice: "Compare driver, CUDA 12 and cuDNN 9 with `nvidia-smi`.",
  };
}

/** A container has a driver's compute part by default and not what Vulkan needs. */
const exposeVulkan =
  "in a container the driver's Vulkan files must be exposed: NVIDIA_DRIVER_CAPABILITIES=graphics,compute,utility (or all)";

function webgpuLack({ platform, hasProvider, missing, said }: LackEvidence): DeviceLack {
  if (!hasProvider || /unsupported: 'webgpu'|no available backend/i.test(said)) {
    return {
      gist: "not in this build",
      isFault: false,
      found: `this build of onnxruntime has no WebGPU provider for ${platform}`,
      advice: "Use another device.",
    };
  }
  if (missing.length > 0) {
    return {
      gist: "no Vulkan loader",
      isFault: false,
      found: `there is no Vulkan loader (${missing.join(", ")} is not found)`,
      advice: `Install it (\`apt-get install libvulkan1\`); ${exposeVulkan}.`,
    };
  }
  const refused = /^Warning: (?!vkCreateInstance)(.+ required\.?)$/im.exec(said)?.[1];
  if (refused !== undefined) {
    return {
      gist: "no adapter that serves",
      isFault: false,
      found: `no adapter serves: the one that is there lacks something (${refused.trim()})`,
      advice: `Install a newer driver; ${exposeVulkan}.`,
    };
  }
  if (/no supported adapters|failed to get a webgpu adapter|found no drivers/i.test(said)) {
    return {
      gist: "no adapter",
      isFault: false,
      found: "no adapter is found: Vulkan knows no driver of a GPU",
      advice: `Install the GPU's driver with its Vulkan part; ${exposeVulkan}.`,
    };
  }
  return {
    gist: "does not start",
    isFault: true,
    found: `WebGPU does not start: ${lastWords(said)}`,
    advice: "Install a newer driver, or use another device.",
  };
}

/** Of many lines the one that says most: the last without the place in onnxruntime's sources. */
function lastWords(said: string): string {
  const lines = said.split("\n").flatMap((line) => {
    const text = line.replace(/^.*was false\. |^\S*onnxruntime_src\S* /, "").trim();
    return text === "" || text.includes("XDG_RUNTIME_DIR") ? [] : [text];
  });
  const last = lines.at(-1) ?? "it does not say why";
  return last.length <= 200 ? last : `${last.slice(0, 200)} ...`;
}
