import { describe, expect, it } from "vitest";
import { readPlanFile } from "./plan-file.ts";

const whole = {
  kind: "exp plan",
  version: 1,
  program: "a.exp",
  settings: {},
  tasks: [{ id: "vit:1", label: "vit", fingerprint: "00", status: "miss" }],
  summary: { tasks: 1, hits: 0, maybes: 0, misses: 1, unhashed: { files: 0, bytes: 0 } },
};

describe("reading a plan", () => {
  it("takes a whole one", () => {
    expect(readPlanFile(JSON.stringify(whole))).toEqual(whole);
  });

  it.each<[string, string]>([
    ["no JSON", "exp 1\n"],
    ["cut off", JSON.stringify(whole).slice(0, -20)],
    ["another document", JSON.stringify({ ...whole, kind: "lock" })],
    ["a list", "[]"],
    ["without its tasks", JSON.stringify({ ...whole, tasks: undefined })],
    ["with a task that has no fingerprint", JSON.stringify({ ...whole, tasks: [{ id: "a", label: "a" }] })],
    ["of an older version than there was", JSON.stringify({ ...whole, version: 0 })],
  ])("refuses what is %s", (_, text) => {
    expect(readPlanFile(text)).toBeNull();
  });

  it("tells a newer one", () => {
    expect(readPlanFile(JSON.stringify({ ...whole, version: 2, tasks: "other" }))).toBe("newer");
  });
});
