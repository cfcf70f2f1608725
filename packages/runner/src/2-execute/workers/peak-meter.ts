import { readFileSync, writeFileSync } from "node:fs";

/** Measures the most memory that a worker process holds while it does one thing. */
export interface PeakMeter {
  begin(): void;
  /** Bytes since `begin`; null where it did several things at once. */
  end(): number | null;
}

/** For a worker whose memory is not its own, and for systems that do not tell. */
export const noMeter: PeakMeter = { begin: () => undefined, end: () => null };

/** Of this process, as Linux counts it: the highest resident size, which can be set back to the present one. */
export function createPeakMeter(): PeakMeter {
  if (readPeak() === null) return noMeter;
  let underWay = 0;
  let isAlone = true;
  return {
    begin: () => {
      isAlone = underWay === 0 && setBack();
      underWay += 1;
    },
    end: () => {
      underWay -= 1;
      return isAlone ? readPeak() : null;
    },
  };
}

function setBack(): boolean {
  try {
    writeFileSync("/proc/self/clear_refs", "5");
    return true;
  } catch {
    return false;
  }
}

function readPeak(): number | null {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null;
  }
}
