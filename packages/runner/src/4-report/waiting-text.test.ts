import { expect, it } from "vitest";
import { waitingText } from "./waiting-text.ts";

const waiting = { label: "extract · dino · lesions", host: "node7", pid: 42 };

it("names the task, or counts them, and the run that computes them", () => {
  expect(waitingText([])).toBe("");
  expect(waitingText([waiting])).toBe(
    "extract · dino · lesions: computed by another run (process 42 on node7); this one waits",
  );
  expect(waitingText([waiting, { ...waiting, label: "linear" }])).toBe(
    "2 tasks: computed by another run (process 42 on node7); this one waits",
  );
});
