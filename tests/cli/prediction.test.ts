import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createWorkplace, type Workplace } from "./command-line.ts";

const quickstart = fileURLToPath(new URL("../../experiments/quickstart.exp", import.meta.url));

interface Planned {
  readonly tasks: readonly {
    readonly op: string;
    readonly status: string;
    readonly predicted?: { readonly seconds: number; readonly bytes: number; readonly basis: string } | null;
  }[];
  readonly prediction: {
    readonly seconds: number;
    readonly bytes: number;
    readonly forwardPasses: number | null;
    readonly jobs: number;
    readonly tasks: number;
    readonly error: Readonly<Record<"seconds" | "bytes", { readonly factor: number; readonly runs: number } | null>>;
    readonly byBasis: Readonly<Record<string, number>>;
    readonly history: { readonly tasks: number; readonly runs: number };
    readonly unpredicted: readonly { readonly op: string; readonly reason: string; readonly tasks: number }[];
  } | null;
}

/** Quickstart has run once; then its backbones become deeper. */
let place: Workplace;
let program = "";
beforeAll(async () => {
  place = createWorkplace();
  copyFileSync(quickstart, join(place.folder, "quickstart.exp"));
  program = readFileSync(quickstart, "utf8");
});
afterAll(() => {
  place.close();
});

const plan = async (...options: readonly string[]): Promise<Planned> =>
  JSON.parse((await place.exp("plan", "quickstart.exp", "--json", ...options)).out) as Planned;

it("names what it knows nothing of, before anything has run", async () => {
  const { out } = await place.exp("plan", "quickstart.exp");
  expect(out).toContain("No past run of vit in this store: 2 tasks not counted.");
  expect(out).not.toContain("--jobs");
  const { prediction, tasks } = await plan();
  expect(prediction).toMatchObject({ seconds: null, bytes: null, tasks: 0, error: { seconds: null, bytes: null } });
  expect(prediction?.unpredicted.reduce((sum, entry) => sum + entry.tasks, 0)).toBe(tasks.length);
});

it("predicts nothing where nothing is to run", async () => {
  expect((await place.exp("run", "quickstart.exp")).exitCode).toBe(0);
  const { prediction, tasks } = await plan();
  expect(prediction).toBeNull();
  expect(tasks.every((task) => !("predicted" in task))).toBe(true);
  expect((await place.exp("plan", "quickstart.exp")).out).toBe("quickstart.exp: 188 tasks, 188 stored, 0 to run\n");
});

it("predicts from what the run took, and what then runs is what was predicted", async () => {
  place.write("quickstart.exp", program.replace("depth: 2", "depth: 3"));
  const { prediction, tasks } = await plan();
  const toRun = tasks.filter(({ status }) => status !== "hit");
  expect(prediction).toMatchObject({ jobs: 1, tasks: toRun.length, unpredicted: [], history: { runs: 1 } });
  expect(toRun.every(({ predicted }) => predicted != null && predicted.seconds >= 0)).toBe(true);
  const sum = toRun.reduce((all, { predicted }) => all + (predicted?.seconds ?? 0), 0);
  expect(prediction?.seconds).toBeCloseTo(sum, 6);
  expect(prediction?.bytes).toBeGreaterThan(1e6);
  expect(prediction?.error.seconds).toMatchObject({ runs: 1 });
  expect(prediction?.error.seconds?.factor).toBeGreaterThanOrEqual(1);
  expect(prediction?.byBasis["question"]).toBe(0);
  // Two slots are never slower than one.
  expect((await plan("--jobs", "2")).prediction?.seconds).toBeLessThanOrEqual(sum + 1e-9);

  const { out } = await place.exp("plan", "quickstart.exp");
  expect(out).toMatch(/bout \d.* with --jobs 1, and \d.* to store\.\n/);
  expect(out).toMatch(/Predicted from \d+ tasks of 1 past run on this machine/);
  expect(out).toMatch(/such a prediction was off by x\d/);

  const ended = await place.exp("run", "quickstart.exp", "--json");
  const last = JSON.parse(ended.out.trim().split("\n").at(-1) ?? "") as {
    summary: { computed: number; cached: number; forwardPasses: number; seconds: number };
  };
  expect(last.summary.forwardPasses).toBe(prediction?.forwardPasses);
  expect(last.summary.computed + last.summary.cached).toBe(tasks.length);
  expect(last.summary.seconds).toBeGreaterThan(0);
});

it("tries its predictions on whole runs once there are several", async () => {
  place.write("quickstart.exp", program.replace("depth: 2", "depth: 1"));
  expect((await plan()).prediction?.error.seconds?.runs).toBeGreaterThanOrEqual(2);
  const { out } = await place.exp("plan", "quickstart.exp");
  expect(out).toMatch(/Tried on each of \d+ runs from the others, half of such predictions were off by at most x\d/);
});
