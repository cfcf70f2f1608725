import type { Schedule } from "./schedule.ts";

/** The same rate throughout. */
export const constantSchedule: Schedule = () => 1;
