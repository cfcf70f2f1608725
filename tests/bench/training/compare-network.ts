import { setTimeout as delay } from "node:timers/promises";
import { openCase, prepareCase, type NetworkCase } from "./network-cases.ts";
import { watchOtherPrograms } from "./other-programs.ts";
import type { TorchProcess } from "./torch-process.ts";

export interface ComparedNetwork {
  readonly name: NetworkCase;
  readonly batch: number;
  /** How long a side trains in each round. */
  readonly seconds: number;
}

/** Steps per second of both sides, measured one after the other. */
export interface NetworkRound {
  readonly ours: number;
  readonly torch: number;
  /** Cores that other programs kept busy meanwhile. */
  readonly others: number;
}

const rounds = 5;
/** Losses of the first two steps may differ by this share of them: far above rounding, far below another network. */
const tolerance = 1e-4;

/** Both sides train the same network from the same weights on the same batch, in turn. */
export async function compareNetwork(
  { name, batch, seconds }: ComparedNetwork,
  { torch, threads }: { readonly torch: TorchProcess; readonly threads: number },
): Promise<readonly NetworkRound[]> {
  const { losses } = await torch.ask<{ readonly losses: readonly number[] }>({ ask: "prepare", case: name, batch });
  const prepared = await prepareCase(name, { batch });
  const trainer = await openCase(prepared, threads);
  try {
    for (const loss of losses) {
      const [own = NaN] = (await trainer.run(1, prepared.inputs)).losses;
      if (!(Math.abs(own - loss) <= tolerance * Math.abs(loss))) {
        throw new Error(
          `${name}: the loss is ${String(own)}, PyTorch's ${String(loss)}: what is timed is not the same.`,
        );
      }
    }
    const measured: NetworkRound[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const cores = watchOtherPrograms();
      const other = await torch.measure("", seconds);
      // PyTorch's threads look for work for a moment before they sleep.
      await delay(200);
      const ours = await stepsPerSecond(() => trainer.run(1, prepared.inputs), seconds);
      measured.push({ ours, torch: other.stepsPerSecond, others: cores(other.cpuSeconds) });
    }
    return measured;
  } finally {
    await trainer.close();
  }
}

async function stepsPerSecond(step: () => Promise<unknown>, seconds: number): Promise<number> {
  await step();
  const started = performance.now();
  let steps = 0;
  for (; performance.now() - started < seconds * 1000; steps += 1) await step();
  return (steps * 1000) / (performance.now() - started);
}
