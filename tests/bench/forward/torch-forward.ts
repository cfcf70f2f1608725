import type { TorchProcess } from "../training/torch-process.ts";
import type { VitForward } from "./vit-forward.ts";

/** PyTorch's network, ready to be measured; see `python/vit_forward.py`. */
export interface PreparedTorch {
  /** What it is, e.g. `timm 1.0.31 vit_small_patch14_dinov2`. */
  readonly network: string;
  /** The ways that work. */
  readonly ways: readonly string[];
  readonly batches: readonly number[];
  /** Class tokens of the first images, by way. */
  readonly features: Readonly<Record<string, readonly number[]>>;
  /** Why a way is not among them, e.g. that a compiler is missing. */
  readonly missing: Readonly<Record<string, string>>;
}

export interface TorchForward {
  readonly ways: readonly ("eager" | "compiled")[];
  readonly batches: readonly number[];
  readonly device: "cpu" | "cuda";
}

/** Makes the network over our file of weights; compiling is done by then. */
export async function prepareTorch(
  torch: TorchProcess,
  { name, weights }: VitForward,
  options: TorchForward,
): Promise<PreparedTorch> {
  const answer = await torch.ask<Omit<PreparedTorch, "ways" | "batches">>({
    ask: "prepare",
    ...{ name, weights },
    ...options,
  });
  const ways = options.ways.filter((way) => answer.missing[way] === undefined);
  return { ...answer, ways, batches: options.batches };
}

export interface TorchPasses {
  readonly way: string;
  readonly batch: number;
  readonly seconds: number;
}

export async function torchRate(
  torch: TorchProcess,
  passes: TorchPasses,
): Promise<{ readonly imagesPerSecond: number; readonly cpuSeconds: number }> {
  const { passesPerSecond, cpuSeconds } = await torch.ask<{
    readonly passesPerSecond: number;
    readonly cpuSeconds: number;
  }>({ ask: "measure", ...passes });
  return { imagesPerSecond: passes.batch * passesPerSecond, cpuSeconds };
}

/**
 * Our features against those of every way of PyTorch's.
 * @param tolerance of the largest feature
 * @throws Error where they differ by more
 */
export function requireSameFeatures(
  name: string,
  ours: Float32Array,
  { features }: PreparedTorch,
  tolerance: number,
): void {
  for (const [way, theirs] of Object.entries(features)) {
    const largest = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const apart = theirs.map((value, index) => Math.abs(value - (ours[index] ?? Number.NaN)) / largest);
    if (apart.length > 0 && apart.every((share) => share <= tolerance)) continue;
    const worst = Math.max(...apart);
    throw new Error(
      `${name}: features differ from PyTorch's (${way}) by ${String(worst)}: what is timed is not the same.`,
    );
  }
}
