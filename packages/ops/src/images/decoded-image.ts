/** Pixels as they were stored, or through a window where they have units of their own: nothing resized or normalised yet. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  /** 1 (grey) or 3 (RGB); alpha is dropped on decoding. */
  readonly channels: 1 | 3;
  /** Height x width x channels, row-major. 8-bit values are 0..255, 16-bit values 0..65535, windowed ones 0..1. */
  readonly data: Uint8Array | Uint16Array | Float32Array;
}
