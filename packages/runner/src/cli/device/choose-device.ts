import { accelerators, type Accelerator, type DeviceProbe } from "@exp-lab/ops";
import type { ChosenDevice } from "../../2-execute/execute-options.ts";
import type { Device } from "../command.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";

/** Tries a device out; timed against the CPU where that is wanted. */
export type Probe = (device: Accelerator, isTimed: boolean) => Promise<DeviceProbe>;

/**
 * What `--device` comes to on this machine. A device that is named is used, however slow, or missed. `auto` takes the first
 * that works and is faster than the CPU, and says of the others why not: a renderer in software counts as slower.
 * @throws CommandError (4) where the named device cannot be used
 */
export async function chooseDevice(wanted: Device, probe: Probe): Promise<ChosenDevice> {
  if (wanted === "cpu") return { device: "cpu", name: null, passedOver: [] };
  if (wanted !== "auto") {
    const found = await probe(wanted, false);
    if (found.isUsable) return { device: wanted, name: found.name, passedOver: [] };
    throw new CommandError(
      exitCodes.environment,
      `The device ${wanted} cannot be used: ${found.lack.found}.`,
      `${found.lack.advice} \`exp doctor\` tells of every device; \`--device auto\` takes the fastest that works.`,
    );
  }
  const passedOver: { device: Accelerator; why: string }[] = [];
  for (const device of accelerators) {
    const found = await probe(device, true);
    const why = whyNot(found);
    if (why === null && found.isUsable) return { device, name: found.name, passedOver };
    passedOver.push({ device, why: why ?? "" });
  }
  return { device: "cpu", name: null, passedOver };
}

/** Null for a device that is faster than the CPU. */
function whyNot(found: DeviceProbe): string | null {
  if (!found.isUsable) return found.lack.gist;
  if (found.isSoftware) return `only ${found.name ?? "a renderer"}, in software`;
  const isSlower = found.timed === null || found.timed.seconds >= found.timed.cpuSeconds;
  return isSlower ? `${found.name ?? "it"} is slower than the CPU` : null;
}
