import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createWorkplace, smallProgram, type Ended, type Workplace } from "./command-line.ts";

const program = smallProgram
  .replace("exp 1", 'exp 1\n\nparam neighbours = "5"')
  .replace("head near", "// of the nearest\nhead near");

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
  place.write("small.exp", program);
});
afterEach(() => {
  place.close();
});

const store = ["--store", "store"] as const;
const plan = (): Promise<Ended> => place.exp("plan", "small.exp", ...store, "--out", "plans/small.plan", "--quiet");
const runPlan = (): Promise<Ended> => place.exp("run", "plans/small.plan", ...store, "--json");

function summaryOf({ out }: Ended): { readonly tasks: number; readonly computed: number } {
  const last = JSON.parse(out.trim().split("\n").at(-1) ?? "") as { summary: { tasks: number; computed: number } };
  return last.summary;
}

it("carries out a plan, and where some of it is done already, the rest", async () => {
  expect((await plan()).exitCode).toBe(0);
  const written = readFileSync(join(place.folder, "plans/small.plan"), "utf8");
  expect(written).not.toContain(place.folder);
  place.write("knn.exp", program.replace("[near, logit]", "[near]"));
  const before = await place.exp("run", "knn.exp", ...store, "--json");
  const ended = await runPlan();
  expect(ended.exitCode).toBe(0);
  const { tasks, computed } = summaryOf(ended);
  // One row alone is held against nothing: its two comparisons are others.
  expect(computed).toBe(tasks - summaryOf(before).computed + 2);
  expect(summaryOf(await runPlan()).computed).toBe(0);
});

it("refuses to do more than a plan holds, names it, and runs nothing", async () => {
  await plan();
  place.write("small.exp", program.replace("k: 5", "k: 7"));
  const refused = await runPlan();
  expect(refused.exitCode).toBe(2);
  expect(refused.err).toContain(
    "plans/small.plan no longer fits: 7 tasks would run that it does not hold. Nothing was run.",
  );
  expect(refused.err).toMatch(/knn · near · fine · drawn · test \(small\.exp:\d+\)/);
  expect(refused.out).not.toContain("task.started");
  // What changes no answer changes no plan.
  place.write("small.exp", program.replace("// of the nearest", ""));
  expect((await runPlan()).exitCode).toBe(0);
});

it("takes the settings of the plan, and no others", async () => {
  await place.exp("plan", "small.exp", "--set", "neighbours=3", "--out", "small.plan", "--quiet");
  const { settings } = JSON.parse(readFileSync(join(place.folder, "small.plan"), "utf8")) as { settings: unknown };
  expect(settings).toEqual({ neighbours: "3" });
  const refused = await place.exp("run", "small.plan", "--set", "neighbours=4");
  expect(refused.exitCode).toBe(2);
  expect(refused.err).toContain("small.plan holds its settings itself: --set cannot change a plan.");
});

it.each<[string, string | null, string]>([
  ["is missing", null, "There is no file"],
  ["was cut off", '{"kind": "exp plan", "version": 1, "tas', "is no plan, or not a whole one"],
  ["is newer", '{"kind": "exp plan", "version": 9}', "was written by a newer version of this program"],
])("says what is wrong with a plan that %s", async (_, text, message) => {
  if (text !== null) place.write("bad.plan", text);
  const { exitCode, err } = await place.exp("run", "bad.plan");
  expect(exitCode).toBe(2);
  expect(err).toContain(message);
});

it("says where a plan cannot be written, and which name it must have", async () => {
  mkdirSync(join(place.folder, "taken.plan"));
  const taken = await place.exp("plan", "small.exp", "--out", "taken.plan");
  expect(taken.exitCode).toBe(4);
  expect(taken.err).toContain("it is a folder");
  const named = await place.exp("plan", "small.exp", "--out", "small.json");
  expect(named.exitCode).toBe(2);
  expect(named.err).toContain("A plan's name ends in .plan");
});
