import type { PreparedMetric } from "./metric.ts";

/** The same with one more note, where there is a value that it can be said of. */
export function withNote({ measurement, resample }: PreparedMetric, note: string): PreparedMetric {
  if (measurement.value === null) return { measurement, resample };
  return { measurement: { ...measurement, notes: [...measurement.notes, note] }, resample };
}
