import { availableParallelism } from "node:os";
import { probeDevice } from "@exp-lab/ops";
import { judge, median, notMeasured, type BenchContext, type Figure } from "../figure.ts";
import { openLanes } from "../forward/lanes.ts";
import { prepareTorch, requireSameFeatures, torchRate } from "../forward/torch-forward.ts";
import { imageSide, makeVit } from "../forward/vit-forward.ts";
import { startTorch, type TorchProcess } from "../training/torch-process.ts";

const figure = { figure: "extraction.gpu_webgpu", unit: "ratio", target: ">= 0.5" } as const;
const needs = "needs a GPU that WebGPU finds and a PyTorch with CUDA";
const batches = [16, 32, 64] as const;
const rounds = 5;
const seconds = 3;
/** A run has as many lanes on a device: one prepares while the other's pass runs. */
const deviceLanes = 2;
/** What a device may differ by from the CPU in a run, see `openCheckedSession`. */
const tolerance = 1e-3;

/** ViT-B/14 forward through WebGPU over PyTorch's on the same card; images come from the host on both sides. */
export async function gpuFigure(context: BenchContext): Promise<Figure> {
  const { python, root, say } = context;
  if (python === null) return notMeasured(figure, needs);
  const torch = await startTorch(python, { root, script: "vit_forward.py", threads: availableParallelism() });
  if (typeof torch === "string") return notMeasured(figure, `${needs}: ${torch}`);
  try {
    const { name } = await torch.ask<{ readonly name: string | null }>({ ask: "card" });
    if (name === null) return notMeasured(figure, needs);
    const probe = await probeDevice("webgpu", { isTimed: false });
    if (!probe.isUsable) return notMeasured(figure, `${needs}: ${probe.lack.gist}`);
    if (probe.isSoftware) return notMeasured(figure, `${needs}: WebGPU finds ${probe.name ?? "software"} alone`);
    say(`extraction: ViT-B/14 on ${name}`);
    return await compareOnCard(context, torch, { torch: name, webgpu: probe.name ?? "a card without a name" });
  } finally {
    torch.close();
  }
}

interface CardNames {
  readonly torch: string;
  readonly webgpu: string;
}

async function compareOnCard({ scratch }: BenchContext, torch: TorchProcess, cards: CardNames): Promise<Figure> {
  const vit = await makeVit("dinov2_vitb14", scratch);
  const prepared = await prepareTorch(torch, vit, { ways: ["eager"], batches, device: "cuda" });
  const reason = prepared.missing["eager"];
  if (reason !== undefined) return notMeasured(figure, `${needs}: ${reason}`);
  const { source, parts } = vit.graph;
  const lanes = await openLanes(deviceLanes, {
    ...{ source, device: "webgpu", threads: 1, outputs: parts },
    ...{ input: "pixel_values", shape: [3, imageSide, imageSide] },
  });
  try {
    const measured: { readonly batch: number; readonly ours: number; readonly torch: number }[][] = [];
    for (let round = 0; round < rounds; round += 1) {
      const ofRound = [];
      for (const batch of batches) {
        const theirs = await torchRate(torch, { way: "eager", batch, seconds });
        // The first pass of a batch makes its shaders and is not timed.
        requireSameFeatures(vit.name, await lanes.pass(batch), prepared, tolerance);
        const ours = batch * (await lanes.passesPerSecond(seconds));
        ofRound.push({ batch, ours, torch: theirs.imagesPerSecond });
      }
      measured.push(ofRound);
    }
    const ratios = measured.map((round) => best(round, "ours") / best(round, "torch"));
    const rates = (of: "ours" | "torch"): string =>
      batches
        .map((batch, at) => `${median(measured.map((round) => round[at]![of])).toFixed(0)} at batch ${String(batch)}`)
        .join(", ");
    const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
    const baseline = `${torch.madeBy}, ${prepared.network}, CUDA on ${cards.torch}, float32 without TF32, images/s: ${rates("torch")}; ours through WebGPU on ${cards.webgpu}, two processes: ${rates("ours")}; the best batch of each side, images from the host's memory; median of ${String(rounds)} rounds (${low.toFixed(2)}-${high.toFixed(2)})`;
    return judge({ figure: figure.figure, unit: figure.unit, value: median(ratios), baseline }, { atLeast: 0.5 });
  } finally {
    await lanes.close();
  }
}

function best(round: readonly { readonly ours: number; readonly torch: number }[], of: "ours" | "torch"): number {
  return Math.max(...round.map((each) => each[of]));
}
