import { OpError } from "../../op-error.ts";
import type { DecodedImage } from "../decoded-image.ts";
import type { RawImage, RawValues } from "../raw-image.ts";
import { applyVoi } from "../voi.ts";
import { percentilesOf } from "./percentiles.ts";
import type { Window } from "./window.ts";

/**
 * An image in its own units as pixels. What needs no window stays as it is: unsigned 8-bit values, and unsigned 16-bit ones of
 * colours, or of a format that has no say in how they are to be shown (PNG, TIFF, NumPy; a DICOM file's seldom fill their
 * range). All else becomes 0..1, by one window for all channels.
 * @param name how messages call the image
 * @throws OpError `image-not-finite` where a value is NaN or infinite: a mean over it would be neither
 */
export function applyWindow(image: RawImage, window: Window, name: string): DecodedImage {
  const { width, height, channels, data, display } = image;
  refuseNotFinite(data, name);
  const size = { width, height, channels };
  if (window.kind === "range") return { ...size, data: stretch(data, window, isNegative(image)) };
  if (window.kind === "percentiles") {
    const [low, high] = percentilesOf(data, [window.low, window.high]);
    return { ...size, data: stretch(data, { low: low!, high: high! }, isNegative(image)) };
  }
  if (display?.voi != null) return { ...size, data: applyVoi(data, display.voi, display.isInverted) };
  if (data instanceof Uint8Array) return { ...size, data: isNegative(image) ? data.map((value) => 255 - value) : data };
  if (data instanceof Uint16Array && (display === null || channels === 3)) return { ...size, data };
  return { ...size, data: stretch(data, extremesOf(data), isNegative(image)) };
}

function isNegative({ display }: RawImage): boolean {
  return display?.isInverted === true;
}

/** (value - low) / (high - low), no less than 0 and no more than 1; where low is high, a step behind it. */
function stretch(values: RawValues, { low, high }: Range, isInverted: boolean): Float32Array {
  const result = new Float32Array(values.length);
  const range = high - low;
  for (let index = 0; index < result.length; index++) {
    const value = values[index]!;
    const grey = value <= low ? 0 : value >= high ? 1 : (value - low) / range;
    result[index] = isInverted ? 1 - grey : grey;
  }
  return result;
}

interface Range {
  readonly low: number;
  readonly high: number;
}

function extremesOf(values: RawValues): Range {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

function refuseNotFinite(values: RawValues, name: string): void {
  if (!(values instanceof Float32Array || values instanceof Float64Array)) return;
  let count = 0;
  for (const value of values) if (!Number.isFinite(value)) count += 1;
  if (count === 0) return;
  throw new OpError(
    "image-not-finite",
    `${name} has ${String(count)} of ${String(values.length)} values that are NaN or infinite.`,
    "Mend the image, or take it out of the data set.",
  );
}
