import { builtinOps } from "@exp-lab/ops";
import { createWorkerExecutor, type Executor } from "@exp-lab/runner";
import { accuracyOf, grid, makeGridCall, type GridCall } from "../training/grid-task.ts";
import { watchOtherPrograms } from "../training/other-programs.ts";
import { defaultParams } from "./default-params.ts";
import { study } from "./study-passes.ts";

/** What training some heads on stored features takes, in seconds. */
export interface TrainingCost {
  readonly perStep: number;
  /** Of each example, before the first step: features are standardised and handed over. */
  readonly perRow: number;
}

export interface StudyTraining {
  /** The grid's sixteen heads, which are trained as four calls of four rates each: what all four take together. */
  readonly search: TrainingCost;
  /** One head of the most features. */
  readonly final: TrainingCost;
  /** Cores that other programs kept busy meanwhile. */
  readonly others: number;
}

const width = 384;
const rates = [1e-3, 5e-3, 1e-2, 5e-2];
/** Their features, of ViT-S/14: 384, 768, 1,536 and 1,920. */
const columnSets = [
  { blocks: 1, avgpool: false },
  { blocks: 1, avgpool: true },
  { blocks: 4, avgpool: false },
  { blocks: 4, avgpool: true },
] as const;
const widestSet = columnSets[3];

type ColumnSet = (typeof columnSets)[number];

const linearOp = builtinOps.find(({ signature }) => signature.name === "linear");
const linearDefaults = linearOp === undefined ? {} : defaultParams(linearOp);

/** As many as the study trains on: how features are taken hangs on how large they are. */
const rows = study.train;
/** Of memory: the features, and a copy of what a head takes. */
export const bytesNeeded = 2.5e9;
const timedSteps = 1500;

/** Trains the study's heads on drawn features as a run does, one call after the other. */
export async function measureStudyTraining(): Promise<StudyTraining> {
  const drawn = drawFeatures();
  const cores = watchOtherPrograms();
  const executor = createWorkerExecutor({ jobs: 1 });
  try {
    // What is loaded with the first call is loaded once.
    await costOf({ drawn, columns: columnSets[0], rates, executor });
    const costs: TrainingCost[] = [];
    for (const columns of columnSets) costs.push(await costOf({ drawn, columns, rates, executor }));
    const search = {
      perStep: costs.reduce((sum, { perStep }) => sum + perStep, 0),
      perRow: costs.reduce((sum, { perRow }) => sum + perRow, 0),
    };
    const final = await costOf({ drawn, columns: widestSet, rates: rates.slice(-1), executor });
    return { search, final, others: cores(0) };
  } finally {
    await executor.close();
  }
}

/** Features of no meaning, laid out as a vision transformer's. */
function drawFeatures(): GridCall {
  const names = ["cls_1", "cls_2", "cls_3", "cls_4", "patch_mean"];
  const call = makeGridCall({ features: names.length * width, rows, steps: timedSteps });
  const features = call.inputs["features"];
  if (features?.form !== "rows") throw new Error("A grid's features are rows.");
  const layout = { parts: names.map((name) => ({ name, width })), defaultPart: "cls_1" };
  return { ...call, inputs: { ...call.inputs, features: { ...features, layout } } };
}

interface Training {
  readonly drawn: GridCall;
  readonly columns: ColumnSet;
  readonly rates: readonly number[];
  readonly executor: Executor;
}

interface Progress {
  /** Since the call began. */
  readonly seconds: number;
  readonly steps: number;
}

/**
 * One call, timed by what it tells of its progress: from the first time to the last there are steps and nothing else.
 * @throws Error where it trains nothing, or is over too soon to be timed
 */
async function costOf({ drawn, columns, rates, executor }: Training): Promise<TrainingCost> {
  const epochSteps = Math.ceil(rows / grid.batch);
  const epochs = Math.ceil(timedSteps / epochSteps);
  const params = {
    ...{ ...linearDefaults, momentum: grid.momentum, batch_size: grid.batch },
    ...{ ...columns, epochs, stop_at: timedSteps / (epochs * epochSteps), lr: rates[0] },
  };
  const call = { ...drawn, params, members: rates.map((lr) => ({ ...params, lr })) };
  const told: Progress[] = [];
  const started = performance.now();
  const answers = await executor.call(call, {
    signal: new AbortController().signal,
    onProgress: (done, total) => {
      told.push({ seconds: (performance.now() - started) / 1000, steps: (timedSteps * done) / total });
    },
  });
  requireHeads(call, answers, columns);
  const [first, last] = [told[0], told.at(-1)];
  if (first === undefined || last === undefined || last.steps - first.steps < timedSteps / 2) {
    throw new Error("Training told too little of its progress to be timed.");
  }
  const perStep = (last.seconds - first.seconds) / (last.steps - first.steps);
  return { perStep, perRow: Math.max(0, first.seconds - first.steps * perStep) / rows };
}

function requireHeads(call: GridCall, answers: Awaited<ReturnType<Executor["call"]>>, columns: ColumnSet): void {
  const heads = answers.map((answer) => {
    if (!answer.ok) throw new Error(answer.failure.message);
    return answer.bytes;
  });
  // The labels hang on the first columns, which are all that this set takes.
  if (columns !== columnSets[0]) return;
  const best = Math.max(...heads.map((bytes) => accuracyOf(call, bytes)));
  if (best < learnt) throw new Error("No head has learnt anything: what was timed is no training.");
}

/** A label is there in 3 of 10 rows: a head that always says no is right in 7. */
const learnt = 0.75;
