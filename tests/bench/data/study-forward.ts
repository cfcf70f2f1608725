import { engine } from "@exp-lab/ops";
import { openLanes } from "../forward/lanes.ts";
import { prepareTorch, requireSameFeatures, torchRate } from "../forward/torch-forward.ts";
import { imageSide, type VitForward } from "../forward/vit-forward.ts";
import { watchOtherPrograms } from "../training/other-programs.ts";
import type { TorchProcess } from "../training/torch-process.ts";

/** Images a second through the backbone alone, on all cores. */
export interface ForwardRates {
  readonly ours: number;
  /** PyTorch's, eager, at the best batch; null where it was not measured. */
  readonly torch: { readonly rate: number; readonly batch: number; readonly network: string } | null;
  /** Cores that other programs kept busy meanwhile. */
  readonly others: number;
}

const batches = [8, 32] as const;
const ownBatch = engine.chooseBatch("cpu", imageSide);
const seconds = 3;
/** Of the largest feature; other orders of summing come to a tenth of it. */
const tolerance = 1e-4;

/** @throws Error where both do not give the same features */
export async function measureForward(
  { name, graph, weights }: VitForward,
  torch: TorchProcess | null,
  threads: number,
): Promise<ForwardRates> {
  const { source, parts } = graph;
  const lanes = await openLanes(threads, {
    ...{ source, device: "cpu", threads: 1, outputs: parts },
    ...{ input: "pixel_values", shape: [3, imageSide, imageSide] },
  });
  try {
    const features = await lanes.pass(ownBatch);
    const prepared =
      torch === null
        ? null
        : await prepareTorch(torch, { name, graph, weights }, { ways: ["eager"], batches, device: "cpu" });
    if (prepared !== null) requireSameFeatures(name, features, prepared, tolerance);
    const cores = watchOtherPrograms();
    const theirs = prepared === null || torch === null ? [] : await torchRates(torch);
    const ours = ownBatch * (await lanes.passesPerSecond(seconds));
    const others = cores(theirs.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0));
    const [best] = theirs.toSorted((a, b) => b.imagesPerSecond - a.imagesPerSecond);
    if (best === undefined || prepared === null) return { ours, torch: null, others };
    return { ours, torch: { rate: best.imagesPerSecond, batch: best.batch, network: prepared.network }, others };
  } finally {
    await lanes.close();
  }
}

interface BatchRate {
  readonly batch: number;
  readonly imagesPerSecond: number;
  readonly cpuSeconds: number;
}

async function torchRates(torch: TorchProcess): Promise<readonly BatchRate[]> {
  const rates: BatchRate[] = [];
  for (const batch of batches) rates.push({ batch, ...(await torchRate(torch, { way: "eager", batch, seconds })) });
  return rates;
}
