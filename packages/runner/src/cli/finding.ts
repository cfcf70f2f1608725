/** One line of `exp doctor`. */
export interface Finding {
  readonly name: string;
  readonly isFine: boolean;
  readonly found: string;
  /** What to do; null where nothing need be done. */
  readonly advice: string | null;
}
