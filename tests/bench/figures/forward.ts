import { availableParallelism } from "node:os";
import { engine } from "@exp-lab/ops";
import { judge, median, notMeasured, type BenchContext, type Figure } from "../figure.ts";
import { compareForward, ownBatch, type ForwardRound, type ForwardSides } from "../forward/compare-forward.ts";
import { countMultiplyAdds } from "../forward/count-products.ts";
import { side } from "../forward/square-products.ts";
import { prepareTorch } from "../forward/torch-forward.ts";
import { makeVit } from "../forward/vit-forward.ts";
import { startTorch } from "../training/torch-process.ts";

const network = "dinov2_vits14";
const batches = [4, 8, 16] as const;

const rivals = [
  { figure: "extraction.vs_pytorch_eager", way: "eager", atLeast: 2 },
  { figure: "extraction.vs_pytorch_compiled", way: "compiled", atLeast: 1 },
] as const;

type Rival = (typeof rivals)[number];

/** Speed of passing images through ViT-S/14 beside PyTorch's, and beside bare matrix products. */
export async function forwardFigures({ python, root, scratch, say }: BenchContext): Promise<readonly Figure[]> {
  const threads = availableParallelism();
  const started =
    python === null
      ? "needs a Python with PyTorch (--python or EXP_PYTHON)"
      : await startTorch(python, { root, script: "vit_forward.py", threads });
  const process = typeof started === "string" ? null : started;
  const needs = typeof started === "string" ? started : "";
  try {
    say("extraction: ViT-S/14 forward");
    const vit = await makeVit(network, scratch);
    const torch = process === null ? null : { process, prepared: await prepareTorch(process, vit, onCpu) };
    const rounds = await compareForward({ vit, threads, torch });
    const against = rivals.map((rival) =>
      torch === null ? notMeasured(wanted(rival), needs) : besideTorch(rival, rounds, torch),
    );
    return [...against, shareOfPeak(rounds, threads)];
  } finally {
    process?.close();
  }
}

const onCpu = { ways: rivals.map(({ way }) => way), batches, device: "cpu" } as const;

function wanted({ figure, atLeast }: Rival): Pick<Figure, "figure" | "unit" | "target"> {
  return { figure, unit: "ratio", target: `>= ${String(atLeast)}` };
}

/** Ours over the fastest of PyTorch's batches, within a round. */
function besideTorch(
  rival: Rival,
  rounds: readonly ForwardRound[],
  { process, prepared }: NonNullable<ForwardSides["torch"]>,
): Figure {
  const { figure, way, atLeast } = rival;
  const reason = prepared.missing[way];
  if (reason !== undefined) return notMeasured(wanted(rival), `${process.madeBy} cannot run it ${way}: ${reason}`);
  const rateAt = (round: ForwardRound, batch: number): number => round.torch[way]?.get(batch) ?? Number.NaN;
  const best = (round: ForwardRound): number => Math.max(...batches.map((batch) => rateAt(round, batch)));
  const ratios = rounds.map((round) => round.lanes / best(round));
  const rates = batches.map(
    (batch) => `${median(rounds.map((round) => rateAt(round, batch))).toFixed(2)} at batch ${String(batch)}`,
  );
  const baseline = `${process.madeBy}, ${prepared.network}, ${way}, images/s: ${rates.join(", ")}, the best of them in each round; ${ownRates(rounds)}; ${spread(ratios, rounds)}`;
  return judge({ figure, value: median(ratios), unit: "ratio", baseline }, { atLeast });
}

/** How much of what the cores can multiply a forward pass uses. */
function shareOfPeak(rounds: readonly ForwardRound[], threads: number): Figure {
  const perImage = countMultiplyAdds(engine.traceBackbone(network));
  const shares = rounds.map(({ lanes, bareMultiplyAdds }) => (lanes * perImage) / bareMultiplyAdds);
  const gigaflops = (rate: (round: ForwardRound) => number): string =>
    ((2 * median(rounds.map(rate))) / 1e9).toFixed(0);
  const baseline = `onnxruntime's matrix products of ${side.toLocaleString("en")} x ${side.toLocaleString("en")} on ${String(threads)} cores: ${gigaflops((round) => round.bareMultiplyAdds)} GFLOP/s; ViT-S/14 forward (${((2 * perImage) / 1e9).toFixed(2)} GFLOP an image) ${gigaflops(({ lanes }) => lanes * perImage)} GFLOP/s; ${ownRates(rounds)}; ${spread(shares, rounds)}`;
  const value = median(shares);
  return { figure: "extraction.core_peak_share", value, unit: "ratio", target: "none", holds: null, baseline };
}

function ownRates(rounds: readonly ForwardRound[]): string {
  const rate = (of: (round: ForwardRound) => number): string => median(rounds.map(of)).toFixed(2);
  return `ours ${rate(({ lanes }) => lanes)} images/s in lanes of one thread at batch ${String(ownBatch)}, all parts of the rows (one session with all threads: ${rate(({ whole }) => whole)})`;
}

function spread(ratios: readonly number[], rounds: readonly ForwardRound[]): string {
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  const disturbed = rounds.filter(({ others }) => others > 0.1).length;
  const doubt = disturbed === 0 ? "" : `, ${String(disturbed)} of them DISTURBED by other programs: measure again`;
  return `median of ${String(rounds.length)} rounds (${low.toFixed(2)}-${high.toFixed(2)})${doubt}`;
}
