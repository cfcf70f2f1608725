import { spawnSync } from "node:child_process";
import { availableParallelism, freemem } from "node:os";
import { fileURLToPath } from "node:url";
import { judge, median, notMeasured, type BenchContext, type Figure, type FigureGroup } from "../figure.ts";
import {
  compareGrid,
  type ComparedGrid,
  type Comparison,
  type Measuring,
  type Round,
} from "../training/compare-grid.ts";
import { grid } from "../training/grid-task.ts";
import { startTorch } from "../training/torch-process.ts";
import { networkFigures } from "./networks.ts";

/** Speed and memory of training a grid of linear heads, beside PyTorch and beside bare matrix products. */
export const trainingFigures: FigureGroup = {
  name: "training",
  measure: async (context) => {
    const peak = peakMemory(context);
    const threads = availableParallelism();
    const torch =
      context.python === null
        ? "needs a Python with PyTorch (--python or EXP_PYTHON)"
        : await startTorch(context.python, { root: context.root, script: "linear_grid.py", threads });
    const measuring: Measuring = { torch: typeof torch === "string" ? null : torch, threads };
    try {
      const against = typeof torch === "string" ? torch : torch.madeBy;
      context.say(`training: ${against}`);
      const small = measuring.torch === null ? nothing : await compareGrid(grid768, measuring);
      const large = await compareGrid(grid5120, measuring);
      return [
        againstTorch("training.grid768.vs_separate", small, { against, ways: separateWays, atLeast: 4 }),
        againstTorch("training.grid768.vs_fused", small, { against, ways: fusedWays, atLeast: 1.4 }),
        againstTorch("training.grid768.vs_onednn", small, { against, ways: oneDnnWays, atLeast: null }),
        againstTorch("training.grid5120.vs_fused", large, { against, ways: fusedWays, atLeast: 1.3 }),
        againstTorch("training.grid5120.vs_onednn", large, { against, ways: oneDnnWays, atLeast: null }),
        shareOfProducts(large),
        peak,
        ...(await networkFigures(context, threads)),
      ];
    } finally {
      if (typeof torch !== "string") torch.close();
    }
  },
};

const separateWays = ["separate", "separate, fused optimiser"];
const fusedWays = ["autograd", "by hand", "by hand, compiled"];
/**
 * Both products through tensors in oneDNN's own layout: documented for inference, and as an operator that PyTorch keeps to
 * itself. Nobody trains so, but on AMD's processors it is faster than PyTorch's ordinary products; shown without a bar.
 */
const oneDnnWays = ["by hand, oneDNN", "by hand, private oneDNN"];

const grid768: ComparedGrid = {
  features: 768,
  columns: grid.heads * grid.outputs,
  rows: 4096,
  loss: "sigmoid",
  ways: [...separateWays, ...fusedWays, ...oneDnnWays],
};

const grid5120: ComparedGrid = {
  features: 5120,
  // As our own heads are laid out, padding included.
  columns: 256,
  rows: 4096,
  loss: "sigmoid",
  ways: [...fusedWays, ...oneDnnWays],
};

const nothing: Comparison = { rounds: [], disturbed: 0, missing: {} };

interface Rivals {
  /** PyTorch and its version, or why it is not there. */
  readonly against: string;
  readonly ways: readonly string[];
  /** Null: shown without a bar. */
  readonly atLeast: number | null;
}

/** Our steps per second over those of the fastest of some ways of PyTorch, within a round. */
function againstTorch(figure: string, comparison: Comparison, { against, ways, atLeast }: Rivals): Figure {
  const { rounds, missing } = comparison;
  const measured = ways.filter((way) => rounds.length > 0 && rounds.every(({ torch }) => torch[way] !== undefined));
  const target = atLeast === null ? "none" : `>= ${String(atLeast)}`;
  if (measured.length === 0) {
    return notMeasured({ figure, unit: "ratio", target }, missing[ways[0] ?? ""] ?? against);
  }
  const ratios = rounds.map(({ ours, torch }) => ours / Math.max(...measured.map((way) => torch[way] ?? Number.NaN)));
  const preparing = median(rounds.map((round) => round.preparing));
  const rates = measured.map((way) => `${way} ${rateOf(rounds, ({ torch }) => torch[way] ?? Number.NaN)}`);
  const left = ways.filter((way) => !measured.includes(way)).map((way) => `; without "${way}": ${missing[way] ?? ""}`);
  const baseline = `${against}, steps/s: ${rates.join("; ")}; ours ${rateOf(rounds, ({ ours }) => ours)}, after ${preparing.toFixed(2)} s that are not counted${left.join("")}; ${spread(ratios, comparison)}`;
  const value = median(ratios);
  if (atLeast === null) return { figure, value, unit: "ratio", target, holds: null, baseline };
  return judge({ figure, value, unit: "ratio", baseline }, { atLeast });
}

function shareOfProducts(comparison: Comparison): Figure {
  const { rounds } = comparison;
  const shares = rounds.map(({ ours, bare }) => ours / bare);
  const baseline = `onnxruntime's two products of a step alone: ${rateOf(rounds, ({ bare }) => bare)} pairs/s; ours ${rateOf(rounds, ({ ours }) => ours)} steps/s, what a call costs before its first step not counted; ${spread(shares, comparison)}`;
  const measured = { figure: "training.grid5120.gemm_share", value: median(shares), unit: "ratio", baseline };
  return judge(measured, { atLeast: 0.7 });
}

function rateOf(rounds: readonly Round[], rate: (round: Round) => number): string {
  return median(rounds.map(rate)).toFixed(0);
}

function spread(ratios: readonly number[], { disturbed }: Comparison): string {
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  const doubt = disturbed === 0 ? "" : `, ${String(disturbed)} of them DISTURBED by other programs: measure again`;
  return `median of ${String(ratios.length)} rounds (${low.toFixed(2)}-${high.toFixed(2)})${doubt}`;
}

const bytesNeeded = 4e9;

/** Most memory of a process that trains on a large matrix, in which the matrix itself is 1.77 GB. */
function peakMemory({ say }: BenchContext): Figure {
  const figure = { figure: "training.grid5120.peak_gb", unit: "GB", target: "<= 3" };
  if (freemem() < bytesNeeded) return notMeasured(figure, "needs 4 GB of free memory");
  say("training: 86,524 x 5,120");
  const script = fileURLToPath(new URL("../training/train-large.js", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8" });
  if (status !== 0) throw new Error(`Training on a large matrix ended with ${String(status)}:\n${stderr}`);
  const { bytes, steps } = JSON.parse(stdout) as { readonly bytes: number; readonly steps: number };
  const baseline = `maximum resident size of a Node process over ${String(steps)} steps; 86,524 x 5,120 in float32 is 1.77 GB`;
  return judge({ ...figure, value: bytes / 1e9, baseline }, { atMost: 3 });
}
