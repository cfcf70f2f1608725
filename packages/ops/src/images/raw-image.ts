/** One image or slice in the units of its source, e.g. Hounsfield units: nothing windowed, resized or normalised yet. */
export interface RawImage {
  readonly width: number;
  readonly height: number;
  /** 1 (grey) or 3 (RGB, interleaved). */
  readonly channels: 1 | 3;
  /** Height x width x channels, row-major. */
  readonly data: RawValues;
  /** How the file asks for its values to be shown; null where its format has no say in that: they are pixels, or have no unit. */
  readonly display: Display | null;
}

export type RawValues =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** What a viewer would make of the values: a window, or a table of greys; then, if wanted, the negative. */
export interface Display {
  /** DICOM PS3.3 C.11.2: a window with its function, or a lookup table; null where the file has neither. */
  readonly voi: VoiWindow | VoiTable | null;
  /** The lowest value is white (DICOM's MONOCHROME1). */
  readonly isInverted: boolean;
}

/** In the units of the image's values. */
export interface VoiWindow {
  readonly kind: "linear" | "linear_exact" | "sigmoid";
  readonly center: number;
  readonly width: number;
}

/** Greys from the first value on that is mapped; lower and higher values take the first and the last entry. */
export interface VoiTable {
  readonly kind: "table";
  readonly firstMapped: number;
  readonly entries: Uint16Array;
  /** Of an entry: its largest possible value is 2 ** bits - 1. */
  readonly bits: number;
}
