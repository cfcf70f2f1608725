import type { Schedule } from "./schedule.ts";

export interface WarmUpOptions {
  readonly steps: number;
  /** What the first step's rate is multiplied with. */
  readonly startFactor: number;
}

/**
 * From `startFactor` along a line that would come to 1 after the last of so many steps, where the schedule begins with its own
 * step 0: torch's SequentialLR of a LinearLR and the schedule.
 */
export function warmUp(schedule: Schedule, { steps, startFactor }: WarmUpOptions): Schedule {
  return (step) => (step < steps ? startFactor + ((1 - startFactor) * step) / steps : schedule(step - steps));
}
