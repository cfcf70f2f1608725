import { setTimeout as delay } from "node:timers/promises";
import { engine } from "@exp-lab/ops";
import { watchOtherPrograms } from "../training/other-programs.ts";
import type { TorchProcess } from "../training/torch-process.ts";
import type { LaneSetup } from "./lane-messages.ts";
import { openLanes, type Lanes } from "./lanes.ts";
import { multiplyAdds, side, squareProducts } from "./square-products.ts";
import { requireSameFeatures, torchRate, type PreparedTorch } from "./torch-forward.ts";
import { imageSide, type VitForward } from "./vit-forward.ts";

/** Images per second, and multiply-adds of bare products per second, measured one after the other. */
export interface ForwardRound {
  /** As an extraction runs: a lane per core with one thread each, and as many images a pass. */
  readonly lanes: number;
  /** One session with all threads. */
  readonly whole: number;
  /** The faster of one session with all threads and of lanes. */
  readonly bareMultiplyAdds: number;
  /** Of PyTorch's ways, by batch. */
  readonly torch: Readonly<Record<string, ReadonlyMap<number, number>>>;
  /** Cores that other programs kept busy meanwhile. */
  readonly others: number;
}

export interface ForwardSides {
  readonly vit: VitForward;
  readonly threads: number;
  /** Null: we alone are measured. */
  readonly torch: { readonly process: TorchProcess; readonly prepared: PreparedTorch } | null;
}

/** What `extract` passes at a time by default. */
export const ownBatch = engine.chooseBatch("cpu", imageSide);
const rounds = 5;
const seconds = 4;
const torchSeconds = 2;
const bareSeconds = 2;
/** Of the largest feature; other orders of summing come to a tenth of it. */
const tolerance = 1e-4;

/** Both sides pass the same images through the same network with the same weights, in turn. */
export async function compareForward({ vit, threads, torch }: ForwardSides): Promise<readonly ForwardRound[]> {
  const { source, parts } = vit.graph;
  const network: Omit<LaneSetup, "threads"> = {
    ...{ source, input: "pixel_values", shape: [3, imageSide, imageSide] },
    device: "cpu",
    // An extraction takes all parts of a row.
    outputs: parts,
  };
  const bare = await squareProducts();
  const opened: Lanes[] = [];
  const open = async (count: number, setup: LaneSetup, batch: number): Promise<Lanes> => {
    const lanes = await openLanes(count, setup);
    opened.push(lanes);
    const values = await lanes.pass(batch);
    if (setup.source === source && torch !== null) requireSameFeatures(vit.name, values, torch.prepared, tolerance);
    return lanes;
  };
  try {
    const lanes = await open(threads, { ...network, threads: 1 }, ownBatch);
    const whole = await open(1, { ...network, threads }, ownBatch);
    const bareLanes = await open(threads, { ...bare, threads: 1 }, side);
    const bareWhole = await open(1, { ...bare, threads }, side);

    const measured: ForwardRound[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const cores = watchOtherPrograms();
      const theirs = await measureTorch(torch);
      // PyTorch's threads look for work for a moment before they sleep.
      await delay(200);
      const ours = {
        lanes: ownBatch * (await lanes.passesPerSecond(seconds)),
        whole: ownBatch * (await whole.passesPerSecond(seconds)),
      };
      const bareRates = [await bareLanes.passesPerSecond(bareSeconds), await bareWhole.passesPerSecond(bareSeconds)];
      const bareMultiplyAdds = multiplyAdds * Math.max(...bareRates);
      measured.push({ ...ours, bareMultiplyAdds, torch: theirs.rates, others: cores(theirs.cpuSeconds) });
    }
    return measured;
  } finally {
    await Promise.all(opened.map((each) => each.close()));
  }
}

async function measureTorch(torch: ForwardSides["torch"]): Promise<{
  readonly rates: ForwardRound["torch"];
  readonly cpuSeconds: number;
}> {
  const rates: Record<string, Map<number, number>> = {};
  let cpuSeconds = 0;
  if (torch === null) return { rates, cpuSeconds };
  for (const way of torch.prepared.ways) {
    const ofWay = new Map<number, number>();
    for (const batch of torch.prepared.batches) {
      const measured = await torchRate(torch.process, { way, batch, seconds: torchSeconds });
      ofWay.set(batch, measured.imagesPerSecond);
      cpuSeconds += measured.cpuSeconds;
    }
    rates[way] = ofWay;
  }
  return { rates, cpuSeconds };
}
