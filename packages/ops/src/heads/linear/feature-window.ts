import type { TrainingExamples } from "./trainer.ts";

/** The part of the feature matrix that a call reads, on memory that onnxruntime-node takes. */
export interface FeatureWindow {
  /** Row-major, [rows, rowWidth]. */
  readonly values: Float32Array;
  readonly rows: number;
  /** The window's row that stands for each of the rows that were asked for. */
  readonly positions: Int32Array;
}

export interface FeatureLender {
  /** The window for some rows; its values hold until the next one is opened. */
  readonly open: (rows: Int32Array) => FeatureWindow;
  /** How many rows should be asked for at once, where they have to be copied. */
  readonly mostRows: number;
}

/** A matrix on shared memory up to this size is copied once, as that is cheaper than to copy each batch. */
const copiedAtOnce = 2 ** 27;

/** Bytes of a window whose rows are copied: they are held beside the matrix. */
const windowBytes = 2 ** 27;

/**
 * Lends parts of the feature matrix. onnxruntime reads a matrix on memory of its own in place. It does not take shared memory:
 * of a large matrix on that the rows of each call are copied, which costs a tenth of a step; a small one is copied once.
 */
export function lendFeatures({
  values,
  rows,
  rowWidth,
}: Pick<TrainingExamples, "values" | "rows" | "rowWidth">): FeatureLender {
  const isShared = values.buffer instanceof SharedArrayBuffer;
  if (!isShared || values.byteLength <= copiedAtOnce) {
    const whole = isShared ? new Float32Array(values) : values;
    return {
      open: (positions) => ({ values: whole.subarray(0, rows * rowWidth), rows, positions }),
      mostRows: Number.POSITIVE_INFINITY,
    };
  }
  let copy = new Float32Array(0);
  return {
    open: (wanted) => {
      if (copy.length < wanted.length * rowWidth) copy = new Float32Array(wanted.length * rowWidth);
      wanted.forEach((row, place) => {
        copy.set(values.subarray(row * rowWidth, (row + 1) * rowWidth), place * rowWidth);
      });
      return {
        values: copy.subarray(0, wanted.length * rowWidth),
        rows: wanted.length,
        positions: Int32Array.from(wanted.keys()),
      };
    },
    mostRows: windowBytes / (rowWidth * Float32Array.BYTES_PER_ELEMENT),
  };
}
