import { afterEach, beforeEach, expect, it } from "vitest";
import { createWorkplace, smallProgram, type Ended, type Workplace } from "./command-line.ts";

const program = smallProgram
  .replace("[fine]", "[fine, coarse]")
  .replace("head near", "backbone coarse = fine { patch_size: 16 }\n\nhead near");
const images = 2 * (60 + 60);

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
  place.write("shared.exp", program);
});
afterEach(() => {
  place.close();
});

interface Summary {
  readonly tasks: number;
  readonly computed: number;
  readonly cached: number;
  readonly failed: number;
  readonly forwardPasses: number;
}

const argv = ["run", "shared.exp", "--store", "store", "--json"];

function lastEvent({ out }: Ended): { readonly summary: Summary; readonly tables: unknown } {
  return JSON.parse(out.trim().split("\n").at(-1) ?? "") as { summary: Summary; tables: unknown };
}

it(
  "processes that run one program at once compute everything once, and give one table",
  { timeout: 120_000 },
  async () => {
    const ends = await Promise.all(["a", "b", "c"].map(() => place.exp(...argv)));
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    const summaries = ends.map((end) => lastEvent(end).summary);
    const sum = (field: keyof Summary): number => summaries.reduce((total, summary) => total + summary[field], 0);
    const tasks = summaries[0]!.tasks;
    expect({ computed: sum("computed"), failed: sum("failed"), passes: sum("forwardPasses") }).toEqual({
      computed: tasks,
      failed: 0,
      passes: images,
    });
    expect(new Set(ends.map((end) => JSON.stringify(lastEvent(end).tables))).size).toBe(1);
  },
);

it("takes over what a process had begun that was killed", { timeout: 120_000 }, async () => {
  // Long enough for another process to start beside it.
  place.write("shared.exp", program.replace("train: 60", "train: 600").replace("depth: 2", "depth: 6"));
  let other: Promise<Ended> | null = null;
  const killed = await place.start(argv, (text, child) => {
    if (!text.includes('"event":"task.progress"') || other !== null) return;
    // The other one has time to find what this one holds.
    other = place.start(argv, (heard) => {
      if (heard.includes('"event":"task.waiting"')) child.kill("SIGKILL");
    });
  });
  expect(killed.exitCode).toBeNull();
  const { exitCode, out } = await other!;
  expect(exitCode).toBe(0);
  const { summary } = lastEvent({ exitCode, out, err: "" });
  expect(summary).toMatchObject({ failed: 0, computed: summary.tasks - summary.cached });
});
