import type { Accelerator, DeviceProbe } from "@exp-lab/ops";
import type { Finding } from "../finding.ts";

/** What `exp doctor` says of a device. One that is not there is no fault; one that is installed and does not work is. */
export function deviceFinding(device: Accelerator, probe: DeviceProbe): Finding {
  if (!probe.isUsable) {
    const { found, advice, isFault } = probe.lack;
    const optional = isFault ? "" : " (optional: backbones run on the CPU)";
    return { name: device, isFine: !isFault, found: `not usable: ${found}${optional}`, advice };
  }
  const name = probe.name ?? "a device that tells no name";
  if (probe.isSoftware) {
    return {
      name: device,
      isFine: true,
      found: `only ${name}, which computes in software: \`--device auto\` leaves it aside`,
      advice: isHidden,
    };
  }
  return { name: device, isFine: true, found: `usable: ${name}${speed(probe.timed)}`, advice: null };
}

/** Whoever has a GPU and sees this has a driver that Vulkan does not find. */
const isHidden =
  "If there is a GPU: install its driver with its Vulkan part; in a container the driver's Vulkan files must be exposed: NVIDIA_DRIVER_CAPABILITIES=graphics,compute,utility (or all).";

function speed(timed: { readonly seconds: number; readonly cpuSeconds: number } | null): string {
  if (timed === null) return "";
  const times = timed.cpuSeconds / timed.seconds;
  if (times <= 1) return ", slower than the CPU: `--device auto` leaves it aside";
  return `, ${times < 10 ? times.toFixed(1) : times.toFixed(0)} times as fast as the CPU on a matrix product`;
}
