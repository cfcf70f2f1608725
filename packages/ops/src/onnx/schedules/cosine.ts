import type { Schedule } from "./schedule.ts";

/** From 1 at the first step along half a cosine to 0 after the last, as torch's CosineAnnealingLR with T_max = steps. */
export function cosineSchedule(steps: number): Schedule {
  return (step) => (1 + Math.cos((Math.PI * step) / steps)) / 2;
}
