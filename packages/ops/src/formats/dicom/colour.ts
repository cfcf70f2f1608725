/**
 * RGB of interleaved luminance and two colour differences, in full range (DICOM PS3.3 C.7.6.3.1.2, YBR_FULL), rounded to the
 * nearest.
 */
export function ybrToRgb(ybr: Uint8Array): Uint8Array {
  const rgb = new Uint8ClampedArray(ybr.length);
  for (let at = 0; at < ybr.length; at += 3) {
    const luminance = ybr[at]! + 0.5;
    const blueDifference = ybr[at + 1]! - 128;
    const redDifference = ybr[at + 2]! - 128;
    rgb[at] = Math.floor(luminance + fromRed * redDifference);
    rgb[at + 1] = Math.floor(luminance - greenFromBlue * blueDifference - greenFromRed * redDifference);
    rgb[at + 2] = Math.floor(luminance + fromBlue * blueDifference);
  }
  return new Uint8Array(rgb.buffer);
}

/** Of the weights of red, green and blue in luminance, ITU-R BT.601. */
const weights = { red: 0.299, green: 0.587, blue: 0.114 } as const;
const fromRed = 2 * (1 - weights.red);
const fromBlue = 2 * (1 - weights.blue);
const greenFromRed = (weights.red * fromRed) / weights.green;
const greenFromBlue = (weights.blue * fromBlue) / weights.green;
