import type { RawImage } from "../../images/raw-image.ts";

export const anatomicalAxes = ["axial", "coronal", "sagittal"] as const;

/** What slices are perpendicular to: axial to the body's length, coronal to front and back, sagittal to left and right. */
export type AnatomicalAxis = (typeof anatomicalAxes)[number];

/** One number for each axis. */
export type Triple = readonly [number, number, number];

/**
 * A volume in canonical order (RAS+): x grows to the patient's right, y to anterior, z to superior. The stored axes are
 * turned to the closest anatomical ones, never resampled, so that oblique volumes stay as oblique as they are.
 */
export interface Volume {
  /** Voxels along x, y, z. */
  readonly shape: Triple;
  /** Time points or channels of a 4-D file; 1 otherwise. */
  readonly frames: number;
  /** Millimetres between neighbouring voxels along x, y, z. */
  readonly spacing: Triple;
  readonly sliceCount: (axis: AnatomicalAxis) => number;
  /**
   * One slice, upright as radiologists look at it. Axial: anterior up, the patient's right on the left side of the image.
   * Coronal: superior up, the patient's right on the left side. Sagittal: superior up, anterior on the left side.
   *
   * Values are in the file's units, its scaling applied; NaN and infinities stay. Width and height are counts of voxels:
   * where these are not square, nothing is resampled.
   * @param index in increasing canonical order: 0 is the most inferior (axial), posterior (coronal) or left (sagittal)
   * @param frame 0 unless told
   * @throws OpError `slice-out-of-range`
   */
  slice(axis: AnatomicalAxis, index: number, frame?: number): RawImage;
  /**
   * Of all frames, or of one. Computed on first use.
   * @throws OpError `slice-out-of-range` where there is no such frame
   */
  range(frame?: number): ValueRange;
}

/** In the file's units. */
export interface ValueRange {
  /** The smallest and the largest finite value; NaN where none is finite. */
  readonly low: number;
  readonly high: number;
  /** How many values are NaN or infinite. */
  readonly notFinite: number;
}
