import type { RowMaker } from "./run-history.ts";

/** Adds rows to those that the same provider made in the same run. */
export function addRowMaker(makers: Map<string, RowMaker>, { madeBy, run, rows }: RowMaker): void {
  const key = `${String(run)} ${madeBy}`;
  makers.set(key, { madeBy, run, rows: rows + (makers.get(key)?.rows ?? 0) });
}

/** By run, then by provider. */
export function listRowMakers(makers: ReadonlyMap<string, RowMaker>): readonly RowMaker[] {
  return [...makers.values()].sort((a, b) => a.run - b.run || (a.madeBy < b.madeBy ? -1 : 1));
}

/** Who made rows, and how many went through a backbone at a time: `cpu onnxruntime 1.30.0, batch 4`. */
export function makerOfRows(provider: string, batchSize: number): string {
  return `${provider}, batch ${String(batchSize)}`;
}

/** The provider alone, on which alone their last bits hang. Earlier versions noted nothing else. */
export function providerOf(madeBy: string): string {
  return madeBy.replace(/, batch \d+$/, "");
}
