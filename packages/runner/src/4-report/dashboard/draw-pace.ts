/** What drawing one frame took. */
export interface FrameCost {
  readonly milliseconds: number;
  readonly bytes: number;
}

/** Four frames a second at most; fewer where they are dear, down to one in this time (ms). */
const shortestPause = 250;
const longestPause = 2000;
/** Share of one core that drawing may take. */
const coreShare = 0.015;
/** Bytes that may be written in a millisecond: slow lines are shared with whoever types. */
const bytesPerMillisecond = 12;

/** How long to wait after a frame before the next one (ms), so that watching costs little however large the screen is. */
export function pauseAfter({ milliseconds, bytes }: FrameCost): number {
  const wanted = Math.max(shortestPause, milliseconds / coreShare, bytes / bytesPerMillisecond);
  return Math.min(longestPause, wanted);
}
