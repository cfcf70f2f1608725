import { probeDevice } from "@exp-lab/ops";
import type { ChosenDevice } from "../../2-execute/execute-options.ts";
import type { Device } from "../command.ts";
import { chooseDevice, type Probe } from "./choose-device.ts";

const cpu: ChosenDevice = { device: "cpu", name: null, passedOver: [] };

/** Chooses among the devices of this machine, by trying them out, until somebody asks to stop: nothing will run then. */
export function createDeviceChooser(wanted: Device, signal: AbortSignal): () => Promise<ChosenDevice> {
  const probe: Probe = (device, isTimed) => probeDevice(device, { isTimed, signal });
  return async () => {
    try {
      const chosen = await chooseDevice(wanted, probe);
      return signal.aborted ? cpu : chosen;
    } catch (error) {
      if (signal.aborted) return cpu;
      throw error;
    }
  };
}
