import type { Accelerator, DeviceProbe } from "@exp-lab/ops";
import { describe, expect, it } from "vitest";
import { deviceLine } from "../../4-report/device-line.ts";
import { chooseDevice, type Probe } from "./choose-device.ts";
import { deviceFinding } from "./device-finding.ts";

const absent: DeviceProbe = {
  isUsable: false,
  lack: { gist: "no Vulkan loader", found: "there is no Vulkan loader", advice: "Install it.", isFault: false },
};
const broken: DeviceProbe = {
  isUsable: false,
  lack: { gist: "crashed", found: "the process that tried it crashed (SIGSEGV)", advice: "Mend it.", isFault: true },
};
const fast = usable("NVIDIA H100", { seconds: 0.01, cpuSeconds: 0.2 });
const slow = usable("Intel HD 400", { seconds: 0.5, cpuSeconds: 0.2 });
const software: DeviceProbe = { isUsable: true, name: "SwiftShader Device", isSoftware: true, timed: null };

function usable(name: string, timed: { seconds: number; cpuSeconds: number } | null): DeviceProbe {
  return { isUsable: true, name, isSoftware: false, timed };
}

/** A machine with these devices; `asked` has what was tried out. */
function machine(devices: Readonly<Record<Accelerator, DeviceProbe>>) {
  const asked: string[] = [];
  const probe: Probe = async (device, isTimed) => {
    asked.push(isTimed ? `${device} timed` : device);
    return devices[device];
  };
  return { probe, asked };
}

describe("auto", () => {
  it.each([
    ["takes CUDA first", { cuda: fast, webgpu: fast }, "device: cuda (NVIDIA H100)"],
    ["then WebGPU", { cuda: absent, webgpu: fast }, "device: webgpu (NVIDIA H100; cuda: no Vulkan loader)"],
    [
      "goes on after a crash",
      { cuda: broken, webgpu: absent },
      "device: cpu (cuda: crashed; webgpu: no Vulkan loader)",
    ],
    [
      "leaves software aside",
      { cuda: absent, webgpu: software },
      "device: cpu (cuda: no Vulkan loader; webgpu: only SwiftShader Device, in software)",
    ],
    [
      "leaves aside what is slower than the CPU",
      { cuda: absent, webgpu: slow },
      "device: cpu (cuda: no Vulkan loader; webgpu: Intel HD 400 is slower than the CPU)",
    ],
  ] as const)("%s", async (_, devices, line) => {
    expect(deviceLine(await chooseDevice("auto", machine(devices).probe))).toBe(line);
  });

  it("tries nothing more once it has one", async () => {
    const { probe, asked } = machine({ cuda: fast, webgpu: fast });
    await chooseDevice("auto", probe);
    expect(asked).toEqual(["cuda timed"]);
  });
});

describe("a device that is named", () => {
  it("is taken however slow, and not timed", async () => {
    const { probe, asked } = machine({ cuda: absent, webgpu: software });
    expect(await chooseDevice("webgpu", probe)).toMatchObject({ device: "webgpu", name: "SwiftShader Device" });
    expect(asked).toEqual(["webgpu"]);
    expect(await chooseDevice("cpu", probe)).toEqual({ device: "cpu", name: null, passedOver: [] });
    expect(asked).toEqual(["webgpu"]);
  });

  it("is missed where it cannot be used", async () => {
    const choosing = chooseDevice("cuda", machine({ cuda: broken, webgpu: fast }).probe);
    await expect(choosing).rejects.toMatchObject({
      exitCode: 4,
      message: "The device cuda cannot be used: the process that tried it crashed (SIGSEGV).",
      hint: expect.stringContaining("Mend it.") as string,
    });
  });
});

describe("what doctor says of a device", () => {
  it.each([
    [fast, true, "usable: NVIDIA H100, 20 times as fast as the CPU on a matrix product", null],
    [slow, true, "usable: Intel HD 400, slower than the CPU: `--device auto` leaves it aside", null],
    [absent, true, "not usable: there is no Vulkan loader (optional: backbones run on the CPU)", "Install it."],
    [broken, false, "not usable: the process that tried it crashed (SIGSEGV)", "Mend it."],
  ] as const)("%j", (probe, isFine, found, advice) => {
    expect(deviceFinding("webgpu", probe)).toEqual({ name: "webgpu", isFine, found, advice });
  });

  it("of one in software", () => {
    const { isFine, found, advice } = deviceFinding("webgpu", software);
    expect(isFine).toBe(true);
    expect(found).toContain("SwiftShader Device, which computes in software");
    expect(advice).toContain("NVIDIA_DRIVER_CAPABILITIES=graphics,compute,utility");
  });
});
