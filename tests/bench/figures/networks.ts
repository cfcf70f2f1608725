import { spawnSync } from "node:child_process";
import { freemem } from "node:os";
import { fileURLToPath } from "node:url";
import { judge, median, notMeasured, type BenchContext, type Figure } from "../figure.ts";
import { compareNetwork, type ComparedNetwork, type NetworkRound } from "../training/compare-network.ts";
import type { NetworkCase } from "../training/network-cases.ts";
import { startTorch } from "../training/torch-process.ts";

/** Speed of training networks beside PyTorch, and how much memory it takes. */
export async function networkFigures(context: BenchContext, threads: number): Promise<readonly Figure[]> {
  return [...(await besideTorch(context, threads)), ...memoryFigures(context, threads)];
}

interface SpeedFigure extends ComparedNetwork {
  readonly figure: string;
  /** Null: shown without a bar. */
  readonly atLeast: number | null;
}

const speedFigures: readonly SpeedFigure[] = [
  { figure: "training.step.vit_s", name: "vit_s", batch: 8, seconds: 8, atLeast: 1 },
  { figure: "training.step.attention_block", name: "attention_block", batch: 8, seconds: 2, atLeast: null },
  { figure: "training.step.conv_block", name: "conv_block", batch: 8, seconds: 2, atLeast: null },
];

async function besideTorch({ python, root, say }: BenchContext, threads: number): Promise<readonly Figure[]> {
  const torch =
    python === null
      ? "needs a Python with PyTorch (--python or EXP_PYTHON)"
      : await startTorch(python, { root, script: "network_step.py", threads });
  if (typeof torch === "string") return speedFigures.map((each) => notMeasured(wanted(each), torch));
  try {
    const figures: Figure[] = [];
    for (const each of speedFigures) {
      say(`training: ${each.name}`);
      figures.push(speedOf(each, await compareNetwork(each, { torch, threads }), torch.madeBy));
    }
    return figures;
  } finally {
    torch.close();
  }
}

function wanted({ figure, atLeast }: SpeedFigure): Pick<Figure, "figure" | "unit" | "target"> {
  return { figure, unit: "ratio", target: atLeast === null ? "none" : `>= ${String(atLeast)}` };
}

function speedOf(speed: SpeedFigure, rounds: readonly NetworkRound[], madeBy: string): Figure {
  const ratios = rounds.map(({ ours, torch }) => ours / torch);
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  const disturbed = rounds.filter(({ others }) => others > 0.1).length;
  const doubt = disturbed === 0 ? "" : `, ${String(disturbed)} of them DISTURBED by other programs: measure again`;
  const rate = (of: (round: NetworkRound) => number): string => median(rounds.map(of)).toFixed(2);
  const baseline = `${madeBy}, eager, ${rate(({ torch }) => torch)} steps/s at batch ${String(speed.batch)}; ours ${rate(({ ours }) => ours)}; median of ${String(rounds.length)} rounds (${low.toFixed(2)}-${high.toFixed(2)})${doubt}`;
  const value = median(ratios);
  if (speed.atLeast === null) return { ...wanted(speed), value, holds: null, baseline };
  return judge({ figure: speed.figure, value, unit: "ratio", baseline }, { atLeast: speed.atLeast });
}

interface MemoryRun {
  readonly peak: number;
  readonly bound: number;
  readonly seconds: number;
}

const bytesNeeded = 6e9;
const keptShare = 0.1;
const largeBatch = 40;

function memoryFigures({ say }: BenchContext, threads: number): readonly Figure[] {
  const bound = { figure: "training.memory.bound", unit: "ratio", target: "<= 2.2" };
  const memory = { figure: "training.recompute.memory", unit: "ratio", target: "<= 0.4" };
  const time = { figure: "training.recompute.time", unit: "ratio", target: "<= 1.35" };
  if (freemem() < bytesNeeded) {
    return [bound, memory, time].map((each) => notMeasured(each, "needs 6 GB of free memory"));
  }
  say("training: memory");
  const small = runApart("vit_s", { batch: 8, kept: null, threads, last: 10 });
  const pairs = [0, 1].map(() => ({
    whole: runApart("vit_s", { batch: largeBatch, kept: null, threads, last: 3 }),
    recomputed: runApart("vit_s", { batch: largeBatch, kept: keptShare, threads, last: 3 }),
  }));
  const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(2);
  const [{ whole, recomputed }] = pairs as [(typeof pairs)[number]];
  const seconds = pairs.map((each) => each.recomputed.seconds / each.whole.seconds);
  const set = `ViT-S/14 at batch ${String(largeBatch)}, ${String(keptShare)} of the activations kept`;
  return [
    judge(
      {
        ...bound,
        value: small.peak / small.bound,
        baseline: `${gigabytes(small.bound)} GB of tensors at the same time at least; peak of a process that trains ViT-S/14 at batch 8, steps 2 to 10: ${gigabytes(small.peak)} GB`,
      },
      { atMost: 2.2 },
    ),
    judge(
      {
        ...memory,
        value: recomputed.peak / whole.peak,
        baseline: `${set}: peak of the process ${gigabytes(recomputed.peak)} GB, with all of them ${gigabytes(whole.peak)} GB`,
      },
      { atMost: 0.4 },
    ),
    judge(
      {
        ...time,
        value: median(seconds),
        baseline: `${set}: ${recomputed.seconds.toFixed(2)} s for a step, with all of them ${whole.seconds.toFixed(2)} s; median of ${String(pairs.length)} pairs (${Math.min(...seconds).toFixed(2)}-${Math.max(...seconds).toFixed(2)})`,
      },
      { atMost: 1.35 },
    ),
  ];
}

interface ApartOptions {
  readonly batch: number;
  readonly kept: number | null;
  readonly threads: number;
  /** The number of the last step. */
  readonly last: number;
}

function runApart(name: NetworkCase, { batch, kept, threads, last }: ApartOptions): MemoryRun {
  const script = fileURLToPath(new URL("../training/network-memory.js", import.meta.url));
  const options = [name, String(batch), kept === null ? "all" : String(kept), String(threads), String(last)];
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--expose-gc", script, ...options], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`Training ${name} ended with ${String(status)}:\n${stderr}`);
  return JSON.parse(stdout) as MemoryRun;
}
