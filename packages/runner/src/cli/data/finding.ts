/** One thing that the user has to know about a data set. */
export interface Finding {
  /** True where a run would refuse it, or something is missing. */
  readonly isBad: boolean;
  readonly text: string;
  /** Where: a few lines. `places` counts what they are a part of. */
  readonly lines: readonly string[];
  readonly places: number;
}

/** How many places a finding lists. */
export const listedPlaces = 10;
