/** Which values of a source are told apart: lower ones become black, higher ones white. */
export type Window =
  /** As the file asks for it; without that, all values that there are. */
  | { readonly kind: "file" }
  /** In the source's units, e.g. Hounsfield units. */
  | { readonly kind: "range"; readonly low: number; readonly high: number }
  /** Percentiles (0 to 100) of the image's own values, interpolated linearly as NumPy does. */
  | { readonly kind: "percentiles"; readonly low: number; readonly high: number };

export const fileWindow: Window = { kind: "file" };

/** The window's part of a digest: images through different windows are different images. Empty where the file decides. */
export function windowTag(window: Window): string {
  return window.kind === "file" ? "" : `${window.kind} ${String(window.low)} ${String(window.high)}`;
}
