import type { ChosenDevice } from "../2-execute/execute-options.ts";

/** `device: webgpu (NVIDIA H100)`, or `device: cpu (cuda: not installed; webgpu: no Vulkan loader)`. */
export function deviceLine({ device, name, passedOver }: ChosenDevice): string {
  const reasons = passedOver.map((other) => `${other.device}: ${other.why}`);
  const remarks = [...(name === null ? [] : [name]), ...reasons];
  return remarks.length === 0 ? `device: ${device}` : `device: ${device} (${remarks.join("; ")})`;
}
