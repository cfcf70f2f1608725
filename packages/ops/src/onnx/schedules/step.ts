import type { Schedule } from "./schedule.ts";

export interface StepScheduleOptions {
  /** How many steps a rate stays the same. */
  readonly every: number;
  /** What it is then multiplied with. */
  readonly factor: number;
}

/** From 1 down by the same factor again and again, as torch's StepLR with step_size = every and gamma = factor. */
export function stepSchedule({ every, factor }: StepScheduleOptions): Schedule {
  return (step) => factor ** Math.floor(step / every);
}
