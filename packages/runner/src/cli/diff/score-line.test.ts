import { expect, it } from "vitest";
import type { Fingerprint } from "../../hash/digests.ts";
import type { AskedTask } from "../../store/store.ts";
import { scoreLine } from "./score-line.ts";

function taskOf(score: number | null, outcome = "computed"): AskedTask {
  return { label: "auroc · a", fingerprint: "1" as Fingerprint, outcome, reason: null, score };
}

it.each([
  [0.5, 0.75, "0.5000 -> 0.7500  (+0.2500)"],
  [0.9, 0.85, "0.9000 -> 0.8500  (-0.0500)"],
  [0.93312345, 0.93312346, "0.9331234 -> 0.9331235  (+1.0e-8)"],
])("%s and %s are told apart", (before, now, text) => {
  expect(scoreLine({ before: taskOf(before), now: taskOf(now) })).toBe(`auroc · a  ${text}`);
});

it("a score that is not there says why", () => {
  expect(scoreLine({ before: taskOf(0.5), now: taskOf(null, "failed") })).toBe("auroc · a  0.5000 -> failed");
  expect(scoreLine({ before: taskOf(null), now: taskOf(0.5) })).toBe("auroc · a  no value -> 0.5000");
});
