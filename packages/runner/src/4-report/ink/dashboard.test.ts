import { stripVTControlCharacters } from "node:util";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { sampleRun, type SampleRun } from "../../../../../tests/cli/sample-run.ts";
import { displayWidth } from "../../3-tabulate/formats/display-width.ts";
import { foldEvents, initialState } from "../dashboard/dashboard-state.ts";
import { createTableDrawer } from "../dashboard/draw-tables.ts";
import { layOutScreen, type ScreenSize } from "../dashboard/lay-out-screen.ts";
import { gatherFacts } from "../dashboard/task-facts.ts";
import { initialView, type ViewState } from "../dashboard/view-state.ts";
import { createPaint } from "../paint.ts";
import type { RunEvent } from "../run-event.ts";
import { createScreenRenderer } from "./render-screen.tsx";

const run = sampleRun({
  backbones: ["deit_tiny", "mobilenet", "squeezenet"],
  heads: ["linear", "regularised"],
  seeds: 3,
  metrics: ["auroc", "accuracy"],
  images: 1280,
  stored: "deit_tiny",
  failing: "squeezenet",
  seconds: { image: 0.01, fit: 1.2, score: 0.05 },
});
const sizes = { "80x24": [80, 24], "120x40": [120, 40], "40x10": [40, 10] } as const;

/** The events up to the one that satisfies the condition for the n-th time, itself included. */
function until(events: readonly RunEvent[], n: number, isMeant: (event: RunEvent) => boolean): readonly RunEvent[] {
  const places = events.flatMap((event, index) => (isMeant(event) ? [index] : []));
  return events.slice(0, (places[n - 1] ?? events.length) + 1);
}

const isProgress = (event: RunEvent): boolean => event.event === "task.progress";
const isFailure = (event: RunEvent): boolean => event.event === "task.finished" && event.outcome === "failed";
const isScore = (event: RunEvent): boolean => event.event === "score.known";

const halfway = until(run.events, 19, isScore);
const interrupted: RunEvent = { event: "run.interrupted", time: halfway.at(-1)?.time ?? "" };

const moments: Readonly<Record<string, { readonly events: readonly RunEvent[]; readonly view?: Partial<ViewState> }>> =
  {
    planning: { events: until(run.events, 2, (event) => event.event === "files.hashing") },
    extracting: { events: until(run.events, 13, isProgress) },
    running: { events: halfway },
    interrupted: { events: [...halfway, interrupted] },
    failed: { events: until(run.events, 1, isFailure) },
    "failures-pane": { events: until(run.events, 1, isFailure), view: { pane: "failures" } },
    "log-pane": { events: halfway, view: { pane: "log" } },
    help: { events: halfway, view: { showsHelp: true } },
    finished: { events: run.events },
  };

interface FrameOptions {
  readonly size: ScreenSize;
  readonly view?: Partial<ViewState>;
  readonly hasColour?: boolean;
}

function drawFrame({ graph }: SampleRun, events: readonly RunEvent[], options: FrameOptions): string {
  let frame = "";
  const renderer = createScreenRenderer({
    keyboard: null,
    onKey: () => undefined,
    onFrame: (drawn) => {
      frame = drawn;
    },
  });
  const facts = gatherFacts(graph);
  const screen = layOutScreen(
    foldEvents(initialState, events),
    { ...initialView, ...options.view },
    {
      facts,
      drawTables: createTableDrawer(facts),
      slots: 2,
      size: options.size,
      now: Date.parse(events.at(-1)?.time ?? "") + 400,
      paint: createPaint(options.hasColour ?? false),
    },
  );
  renderer.draw(screen);
  renderer.close();
  return frame;
}

function trimmed(frame: string): string {
  return frame
    .split("\n")
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}

describe.each(Object.entries(sizes))("a screen of %s", (name, [columns, rows]) => {
  it.each(Object.entries(moments))("%s", async (moment, { events, view = {} }) => {
    const frame = drawFrame(run, events, { size: { columns, rows }, view });
    const lines = frame.split("\n");
    expect(lines.length).toBe(rows);
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(columns);
    const golden = fileURLToPath(new URL(`__golden__/${moment}.${name}.golden`, import.meta.url));
    await expect(trimmed(frame)).toMatchFileSnapshot(golden);
  });
});

it("puts the clock and what runs into a frame as if all of it were drawn anew", () => {
  const drawn: string[] = [];
  const renderer = createScreenRenderer({
    keyboard: null,
    onKey: () => undefined,
    onFrame: (frame) => drawn.push(frame),
  });
  const size = { columns: 80, rows: 24 };
  const facts = gatherFacts(run.graph);
  const drawTables = createTableDrawer(facts);
  const options = { facts, drawTables, slots: 2, size, paint: createPaint(false) };
  const moments = [9, 10, 11, 12].map((count) => until(run.events, count, isProgress));
  for (const events of moments) {
    const now = Date.parse(events.at(-1)?.time ?? "") + 400;
    renderer.draw(layOutScreen(foldEvents(initialState, events), initialView, { ...options, now }));
  }
  renderer.close();
  expect(drawn.map(trimmed)).toEqual(moments.map((events) => trimmed(drawFrame(run, events, { size }))));
  expect(new Set(drawn).size).toBe(moments.length);
});

it("says with colour what it says without", () => {
  for (const { events, view = {} } of Object.values(moments)) {
    const size = { columns: 80, rows: 24 };
    const coloured = drawFrame(run, events, { size, view, hasColour: true });
    expect(coloured).toContain("\u001b[");
    const plain = drawFrame(run, events, { size, view });
    expect(trimmed(stripVTControlCharacters(coloured))).toBe(trimmed(plain));
  }
});

it("draws every size of screen without breaking a line", () => {
  for (const columns of [1, 8, 20, 33, 60, 200]) {
    for (const rows of [1, 2, 3, 5, 7, 9, 15, 80]) {
      const lines = drawFrame(run, halfway, { size: { columns, rows } }).split("\n");
      expect(lines.length).toBeLessThanOrEqual(rows);
      expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(columns);
    }
  }
});
