import { expect, it } from "vitest";
import { checkChanges } from "./check-changes.ts";

it("a change reruns what it touches and nothing else, however it is written", { timeout: 120_000 }, async () => {
  const report = await checkChanges({ changes: 300, seed: 20_261_124 });
  expect(report.findings).toEqual([]);
  expect({ wrong: report.wrongHits, extra: report.extraMisses }).toEqual({ wrong: 0, extra: 0 });
  // Changes that are all of one kind, or that nothing hangs on, would prove little.
  expect(report.kinds.size).toBeGreaterThan(6);
  expect(report.scores).toBeGreaterThan(2000);
});
