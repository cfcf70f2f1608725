import { cpus } from "node:os";

/**
 * Starts to watch what other programs take of the machine. The function that it gives says how many cores they have kept
 * busy since then, on average; it is told the CPU seconds of processes that belong to the measurement beside this one.
 */
export function watchOtherPrograms(): (ownChildren: number) => number {
  const [started, busyBefore, ownBefore] = [performance.now(), busySeconds(), ownSeconds()];
  return (ownChildren) => {
    const others = busySeconds() - busyBefore - (ownSeconds() - ownBefore) - ownChildren;
    return Math.max(0, others) / ((performance.now() - started) / 1000);
  };
}

/** CPU seconds of all programs since the machine started. */
function busySeconds(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000;
}

function ownSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
