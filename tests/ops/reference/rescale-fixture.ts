import { readFileSync } from "node:fs";
import type { PreprocessCase } from "./resample-fixture.ts";

/** What `rescale.py` wrote: whole preprocessings, and 16-bit values as half precision has them. */
export interface RescaleFixture {
  readonly cases: readonly PreprocessCase[];
  readonly halves: { readonly values: readonly number[]; readonly halves: readonly number[] };
}

export function readRescaleFixture(): RescaleFixture {
  return JSON.parse(readFileSync(new URL("rescale.json", import.meta.url), "utf8")) as RescaleFixture;
}
