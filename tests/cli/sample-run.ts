import type { TaskGraph } from "@exp-lab/dsl";
import type { RunEvent } from "@exp-lab/runner";

type Task = TaskGraph["tasks"][number];
type Untimed<Event> = Event extends RunEvent ? Omit<Event, "time"> : never;

export interface SampleOptions {
  readonly backbones: readonly string[];
  readonly heads: readonly string[];
  readonly seeds: number;
  readonly metrics: readonly string[];
  readonly images: number;
  /** Its answers were there before the run. */
  readonly stored?: string;
  /** Its features cannot be computed. */
  readonly failing?: string;
  /** Seconds that one image, one fit and one score take. */
  readonly seconds: { readonly image: number; readonly fit: number; readonly score: number };
}

export interface SampleRun {
  readonly graph: TaskGraph;
  readonly events: readonly RunEvent[];
}

/** A run as it would be recorded: one task after the other, trial by trial, on a clock of its own. */
export function sampleRun(options: SampleOptions): SampleRun {
  const graph = sampleGraph(options);
  const clock = new Clock();
  const { events } = clock;
  clock.say({ event: "run.started", version: 1, run: 7, program: "sweep.exp" });
  for (const share of [0.25, 0.5, 1]) {
    clock.wait(0.4);
    clock.say({ event: "files.hashing", bytes: share * 240e6, totalBytes: 240e6 });
  }
  const isStored = ({ axes }: Task): boolean => axes["backbone"] === options.stored;
  const toRun = graph.tasks.flatMap((task) => (isStored(task) ? [] : [task.id]));
  const hits = graph.tasks.length - toRun.length;
  clock.say({ event: "run.planned", tasks: graph.tasks.length, hits, maybes: 0, misses: toRun.length, toRun });
  for (const task of graph.tasks) if (isStored(task) && isScore(task)) clock.say(scoreOf(task, options));
  for (const task of graph.tasks) runTask(task, { options, clock, isStored: isStored(task) });
  const count = (wanted: string): number =>
    events.filter((event) => event.event === "task.finished" && event.outcome === wanted).length;
  clock.say({
    event: "run.finished",
    summary: {
      ...{ tasks: graph.tasks.length, cached: count("cached"), computed: count("computed"), failed: count("failed") },
      ...{ skipped: count("skipped"), cancelled: 0, forwardPasses: 0, seconds: 0 },
    },
    tables: [],
  });
  return { graph, events };
}

class Clock {
  readonly events: RunEvent[] = [];
  #now = Date.parse("2026-01-05T09:00:00.000Z");

  wait(seconds: number): void {
    this.#now += seconds * 1000;
  }

  say(event: Untimed<RunEvent>): void {
    this.events.push({ ...event, time: new Date(this.#now).toISOString() });
  }
}

interface Running {
  readonly options: SampleOptions;
  readonly clock: Clock;
  readonly isStored: boolean;
}

function runTask(task: Task, { options, clock, isStored }: Running): void {
  const { id, op, label, origin } = task;
  const end = { event: "task.finished", task: id, op, label } as const;
  if (isStored) {
    clock.say({ ...end, outcome: "cached", reason: "stored", seconds: 0 });
    return;
  }
  const isExtraction = op === "extract";
  const isFailing = task.axes["backbone"] === options.failing && op !== "vit";
  if (isFailing && !isExtraction) {
    clock.say({ ...end, outcome: "skipped", because: `extract:${options.failing ?? ""}`, seconds: 0 });
    return;
  }
  const examples = { missing: options.images, total: options.images };
  clock.say({ event: "task.started", task: id, op, label, ...(isExtraction ? { examples } : {}) });
  if (isFailing) {
    clock.wait(1.5);
    const failure = {
      code: "image-damaged",
      message: "2 of 5856 images could not be used.\nimages/0417.png: not a PNG file",
      hint: "Mend or remove these, then run again: only they are computed.",
    };
    clock.say({ ...end, outcome: "failed", seconds: 1.5, origin, failure });
    return;
  }
  const steps = isExtraction ? options.images / 64 : op === "logistic" ? 4 : 0;
  const cost = isExtraction ? options.images * options.seconds.image : options.seconds[isScore(task) ? "score" : "fit"];
  for (let step = 1; step <= steps; step += 1) {
    clock.wait(cost / steps);
    const total = isExtraction ? options.images : 1000;
    clock.say({ event: "task.progress", task: id, done: Math.round((total * step) / steps), total });
  }
  if (steps === 0) clock.wait(cost);
  const passes = isExtraction ? { forwardPasses: options.images } : {};
  clock.say({ ...end, outcome: "computed", seconds: cost, ...passes });
  if (isScore(task)) clock.say(scoreOf(task, options));
}

function isScore({ op }: Task): boolean {
  return op !== "vit" && op !== "extract" && op !== "logistic";
}

function scoreOf({ id, op, axes }: Task, { images }: SampleOptions): Untimed<RunEvent> {
  // Any numbers will do, as long as they are the same ones every time.
  const draw = Array.from(id).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 997, 7) / 997;
  const value = 0.7 + 0.2 * draw + 0.01 * Number(axes["seed"] ?? 0);
  const nothing = { perClass: null, classNames: [], notes: [], epoch: null };
  return {
    event: "score.known",
    task: id,
    score: { metric: op, value, nExamples: images, nGroups: images, ...nothing },
  };
}

function sampleGraph({ backbones, heads, seeds, metrics }: SampleOptions): TaskGraph {
  const tasks: Task[] = [];
  const add = (task: Pick<Task, "op" | "inputs" | "axes">, name: string): string => {
    const id = `${task.op}:${name}`;
    const label = [task.op, ...Object.values(task.axes)].join(" · ");
    const origin = { file: "sweep.exp", line: 12, column: 1 };
    tasks.push({ ...task, id, label, origin, params: {}, paramOrigins: {} });
    return id;
  };
  const cells = backbones.flatMap((backbone) => {
    const model = add({ op: "vit", inputs: {}, axes: { backbone } }, backbone);
    const features = add({ op: "extract", inputs: { model }, axes: { backbone } }, backbone);
    return heads.flatMap((head) => {
      const scores = Array.from({ length: seeds }, (_, seed) => {
        const axes = { backbone, head, seed };
        const fit = add({ op: "logistic", inputs: { features }, axes }, `${backbone}.${head}.${String(seed)}`);
        return metrics.map((op) => add({ op, inputs: { fit, features }, axes }, `${backbone}.${head}.${String(seed)}`));
      });
      return metrics.map((metric, at) => ({
        row: { backbone, head },
        column: {},
        metric: `test.${metric}`,
        value: { kind: "scores" as const, tasks: scores.map((ofSeed) => ofSeed[at] ?? "") },
      }));
    });
  });
  const table = {
    title: "Frozen backbones",
    origin: { file: "sweep.exp", line: 30, column: 1 },
    rows: ["backbone", "head"],
    columns: [],
    cells,
    best: { want: "max", per: "column" } as const,
  };
  return { tasks, tables: [table] };
}
