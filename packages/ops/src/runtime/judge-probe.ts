import { describeLack, type DeviceLack } from "./device-lack.ts";
import type { Accelerator } from "./device.ts";
import type { ProbeEnd, ProbeReport } from "./probe-messages.ts";

/** What is to be thought of a device of this machine. */
export type DeviceProbe = UsableDevice | UnusableDevice;

export interface UsableDevice {
  readonly isUsable: true;
  /** e.g. `NVIDIA H100 80GB HBM3`; null where nobody tells. */
  readonly name: string | null;
  /** A renderer in software, which is slower than the CPU itself; by its name. */
  readonly isSoftware: boolean;
  /** Null where it was not timed. */
  readonly timed: { readonly seconds: number; readonly cpuSeconds: number } | null;
}

export interface UnusableDevice {
  readonly isUsable: false;
  readonly lack: DeviceLack;
}

/** @param name where it is known by other means than what the probe heard */
export function judgeProbe(device: Accelerator, report: ProbeReport, name: string | null): DeviceProbe {
  const { messages, stderr, end } = report;
  const lacks = messages.find((message) => message.say === "lacks");
  if (lacks !== undefined) {
    const { evidence } = lacks;
    const wasStarted = evidence.said !== "";
    const lack = describeLack(device, { ...evidence, said: wasStarted ? `${stderr}\n${evidence.said}` : "" });
    return { isUsable: false, lack };
  }
  const works = messages.some((message) => message.say === "works");
  const timed = messages.find((message) => message.say === "timed") ?? null;
  const found = name ?? vulkanDevice(stderr);
  const isSoftware = found !== null && softwareRenderer.test(found);
  const isWhole = works && (timed !== null || isSoftware || (end.how === "exited" && end.code === 0));
  if (!isWhole) return { isUsable: false, lack: badEnd(device, end) };
  return {
    isUsable: true,
    name: found,
    isSoftware,
    timed: timed === null ? null : { seconds: timed.seconds, cpuSeconds: timed.cpuSeconds },
  };
}

/** Names under which Vulkan and Direct3D list renderers that run on the CPU. */
export const softwareRenderer = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i;

/** WebGPU tells no name through onnxruntime. Vulkan's loader says whose device was made, where it is asked to (`VK_LOADER_DEBUG`). */
export function vulkanDevice(stderr: string): string | null {
  return /Using "(.+?)" with driver/.exec(stderr)?.[1] ?? null;
}

function badEnd(device: Accelerator, end: ProbeEnd): DeviceLack {
  const advice = `Install a newer driver, or use another device than ${device}.`;
  if (end.how === "ended") {
    const seconds = end.afterSeconds.toFixed(0);
    return {
      gist: "no answer",
      isFault: true,
      found: `it did not answer within ${seconds} s when it was tried`,
      advice,
    };
  }
  const how = end.signal ?? `exit code ${String(end.code)}`;
  return { gist: "crashed", isFault: true, found: `the process that tried it crashed (${how})`, advice };
}
