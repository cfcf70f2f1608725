import type { Schedule } from "./schedule.ts";

export interface PolynomialScheduleOptions {
  readonly steps: number;
  /** 1: a straight line. */
  readonly power: number;
}

/** From 1 at the first step to 0 after the last, and 0 from there on, as torch's PolynomialLR with total_iters = steps. */
export function polynomialSchedule({ steps, power }: PolynomialScheduleOptions): Schedule {
  return (step) => (1 - Math.min(step, steps) / steps) ** power;
}
