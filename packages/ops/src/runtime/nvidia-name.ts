import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The model of this machine's NVIDIA GPUs, as the driver has it; null where there are several models, or none is told of. */
export function nvidiaName(folder = "/proc/driver/nvidia/gpus"): string | null {
  try {
    const models = readdirSync(folder).map((gpu) => {
      const text = readFileSync(join(folder, gpu, "information"), "utf8");
      return /^Model:\s*(.+?)\s*$/m.exec(text)?.[1] ?? null;
    });
    const [first = null, ...others] = new Set(models);
    return others.length === 0 ? first : null;
  } catch {
    return null;
  }
}
