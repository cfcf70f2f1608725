/** How many steps the next call makes, given how long the last one took; null before the first. */
export type ChooseCallLength = (last: CallDuration | null) => number;

export interface CallDuration {
  readonly steps: number;
  readonly milliseconds: number;
}

/**
 * Calls of a fifth of a second: long enough that what a call costs in itself vanishes, short enough to stop and to report
 * between them. The clock moves no answer: the same steps cut into other calls give the same bits.
 */
export const aFifthOfASecond: ChooseCallLength = (last) => {
  if (last === null) return 4;
  const fitting = Math.floor((200 * last.steps) / Math.max(last.milliseconds, 0.001));
  // A call can be slow for other reasons than its steps: lengths change by a factor of 8 at most.
  return Math.max(1, Math.min(fitting, 8 * last.steps));
};
