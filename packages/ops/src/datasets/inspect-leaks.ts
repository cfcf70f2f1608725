import type { DatasetIndex } from "../artifacts/dataset.ts";
import { dropLeaks, type Dropped } from "../splits/drop-leaks.ts";
import { findLeaks, type LeakReport } from "../splits/find-leaks.ts";

/** What splits share, as the op finds it that looks for leaks before every fit. */
export interface InspectedLeaks extends LeakReport {
  /** The images that would leave their split, were leaks dropped; null where that cannot be: a bag lies in several splits. */
  readonly dropped: readonly Dropped[] | null;
}

/** @param digests of the images; null where one could not be read: it is then like no other, but still its patient's */
export function inspectLeaks(listed: DatasetIndex, digests: readonly (string | null)[]): InspectedLeaks {
  const examples = listed.examples.map((example, row) => ({ ...example, digest: digests[row] ?? `unread ${row}` }));
  const index = { ...listed, examples };
  const report = findLeaks(index);
  const isTorn = report.bagFaults.some(({ kind }) => kind === "torn");
  return { ...report, dropped: isTorn ? null : dropLeaks(index).dropped };
}
