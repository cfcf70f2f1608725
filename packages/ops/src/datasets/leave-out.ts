import { splitNames, type SplitName } from "@exp-lab/dsl";
import type { Labels } from "../artifacts/examples.ts";
import type { OpError } from "../op-error.ts";

/** A file that cannot be used, and why. */
export interface LeftOut {
  /** Null where nobody can say without reading it. */
  readonly split: SplitName | null;
  readonly error: OpError;
}

/** `Left out since they cannot be read: 3 files (2 of train, 1 of test; 2 missing, 1 damaged) (on_error: skip).` None where there are none. */
export function describeLeftOut(files: readonly LeftOut[], unit = "file"): readonly string[] {
  if (files.length === 0) return [];
  const bySplit = [...splitNames, null].flatMap((split) => {
    const count = files.filter((file) => file.split === split).length;
    return count === 0 ? [] : [`${String(count)} of ${split ?? "no known split"}`];
  });
  const reasons = [...new Set(files.map(({ error }) => reasonOf(error)))].sort();
  const byReason = reasons.map(
    (reason) => `${String(files.filter(({ error }) => reasonOf(error) === reason).length)} ${reason}`,
  );
  const what = files.length === 1 ? `1 ${unit}` : `${String(files.length)} ${unit}s`;
  return [`Left out: ${what} that cannot be read (${bySplit.join(", ")}; ${byReason.join(", ")}; on_error: skip).`];
}

function reasonOf({ code }: OpError): string {
  const known = reasons.get(code) ?? endings.find(([ending]) => code.endsWith(ending))?.[1];
  return known ?? code;
}

/** In a table's words; any other code speaks for itself. */
const reasons: ReadonlyMap<string, string> = new Map([
  ["file-missing", "missing"],
  ["file-unreadable", "unreadable"],
  ["image-not-finite", "with NaN"],
  ["image-many-frames", "of several images"],
  ["array-unexpected", "of another shape"],
  ["slice-out-of-range", "without that frame"],
  ["hdf5-missing", "without an image"],
  ["dicom-no-pixels", "without pixels"],
  ["dicom-no-series", "without the series' or study's name"],
]);

/** The formats tell these apart, and a table does not. */
const endings = [
  ["-damaged", "damaged"],
  ["-unsupported", "of an unread format"],
  ["-too-large", "too large"],
] as const;

/** The labels of the rows that are kept. */
export function keepLabels({ width, values }: Labels, kept: readonly number[]): Labels {
  const result = new Int32Array(kept.length * width);
  kept.forEach((row, index) => {
    result.set(values.subarray(row * width, (row + 1) * width), index * width);
  });
  return { width, values: result };
}
