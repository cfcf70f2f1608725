/** The coding parameters of a scan (ISO/IEC 14495-1 C.2.4.1.1). */
export interface Presets {
  readonly maxValue: number;
  /** From which differences on a gradient counts as small, larger, and large. */
  readonly thresholds: readonly [number, number, number];
  /** After how many samples a context forgets half of them. */
  readonly reset: number;
}

/** What a stream that states none means (table C.3). */
export function defaultPresets(maxValue: number, near: number): Presets {
  const isWide = maxValue >= 128;
  const factor = isWide ? (Math.min(maxValue, 4095) + 128) >> 8 : Math.floor(256 / (maxValue + 1));
  const clamp = (value: number, least: number): number => (value > maxValue || value < least ? least : value);
  const threshold = (wide: number, least: number, times: number): number =>
    isWide ? factor * (wide - least) + least + times * near : Math.max(least, Math.floor(wide / factor) + times * near);
  const first = clamp(threshold(3, 2, 3), near + 1);
  const second = clamp(threshold(7, 3, 5), first);
  const third = clamp(threshold(21, 4, 7), second);
  return { maxValue, thresholds: [first, second, third], reset: 64 };
}
