import { readFileSync } from "node:fs";
import type { BinaryCrossEntropyOptions } from "../../../packages/ops/src/onnx/losses/binary-cross-entropy-loss.ts";
import type { CrossEntropyOptions } from "../../../packages/ops/src/onnx/losses/cross-entropy-loss.ts";
import type { DiceCrossEntropyOptions } from "../../../packages/ops/src/onnx/losses/dice-cross-entropy-loss.ts";
import type { SoftDiceOptions } from "../../../packages/ops/src/onnx/losses/soft-dice-loss.ts";

/** What `losses.py` wrote. */
export type LossCase = LossOptions & LossNumbers;

export type LossOptions =
  | { readonly loss: "crossEntropy"; readonly options: CrossEntropyOptions }
  | { readonly loss: "binaryCrossEntropy"; readonly options: BinaryCrossEntropyOptions }
  | { readonly loss: "meanSquaredError"; readonly options: Readonly<Record<string, never>> }
  | { readonly loss: "softDice"; readonly options: SoftDiceOptions }
  | { readonly loss: "diceCrossEntropy"; readonly options: DiceCrossEntropyOptions };

interface LossNumbers {
  /** Of the prediction. */
  readonly shape: readonly [examples: number, outputs: number, ...space: number[]];
  /** Of every seventh prediction. */
  readonly factor: number;
  readonly lacksLastClass: boolean;
  /** Class numbers, 0 or 1 for each output, or numbers between these. */
  readonly truth: "classes" | "labels" | "shares";
  readonly value: number;
  /** By the prediction. */
  readonly gradient: readonly number[];
}

export function readLossesFixture(): readonly LossCase[] {
  const text = readFileSync(new URL("losses.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly cases: readonly LossCase[] }).cases;
}

export interface DrawnLossInputs {
  readonly prediction: readonly number[];
  readonly truth: readonly number[];
}

/** The inputs of the case at a place of the list, drawn as `losses.py` draws them. */
export function drawLossInputs(drawn: LossCase, place: number): DrawnLossInputs {
  const { shape, truth, factor, lacksLastClass, options } = drawn;
  const draw = createDraws(place + 1);
  const takesShares = "activation" in options && options.activation === "none";
  const [examples, outputs, ...space] = shape;
  const places = [examples, ...space].reduce((product, size) => product * size, 1);
  const prediction = Array.from({ length: places * outputs }, (_, index) => {
    const value = takesShares ? draw() : draw() * 8 - 4;
    return index % 7 === 0 ? value * factor : value;
  });
  const classes = Math.max(outputs, 2) - (lacksLastClass ? 1 : 0);
  const length = truth === "classes" ? places : places * outputs;
  const drawTruth = {
    classes: () => Math.floor(draw() * classes),
    labels: () => Number(draw() >= 0.5),
    shares: draw,
  }[truth];
  return { prediction, truth: Array.from({ length }, drawTruth) };
}

/** A linear congruential generator (modulus 2^31): the high 23 bits of its states, from 0 to 1. */
function createDraws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) / 2 ** 23;
  };
}
