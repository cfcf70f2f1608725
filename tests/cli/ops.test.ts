import { afterEach, beforeEach, expect, it } from "vitest";
import { createWorkplace, type Workplace } from "./command-line.ts";

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
});
afterEach(() => {
  place.close();
});

it("lists a protocol's switches as a program writes them, and its grids", async () => {
  const { out, exitCode } = await place.exp("ops", "baharoon2023_head");
  expect(exitCode).toBe(0);
  expect(out).toContain("  dataset.views: fresh (linear)\n");
  expect(out).toContain("  backbone.resize_to: eight_sevenths (knn, mlknn, knn_or_mlknn)\n");
  expect(out).toContain("where a search names no values\n  linear: search { grid: study }\n");
});
