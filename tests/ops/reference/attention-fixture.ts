import { readFileSync } from "node:fs";

/** What `attention.py` wrote: a training by PyTorch. All arrays row-major. */
export interface AttentionCase {
  readonly name: "binary" | "multi-class" | "multi-label";
  readonly loss: "softmax" | "sigmoid";
  readonly sizes: { readonly inputs: number; readonly hidden: number; readonly outputs: number };
  readonly values: readonly number[];
  readonly bags: readonly (readonly number[])[];
  readonly targets: readonly number[];
  readonly start: Weights;
  readonly plan: {
    readonly epochs: number;
    readonly batchSize: number;
    readonly lr: number;
    readonly weightDecay: number;
    readonly order: readonly (readonly number[])[];
  };
  /** Of each step, before it. */
  readonly losses: readonly number[];
  readonly weights: Weights;
  /** Of each bag, at the end. */
  readonly logits: readonly (readonly number[])[];
  readonly shares: readonly (readonly number[])[];
}

type Weights = Readonly<Record<"tanh" | "sigmoid" | "attention" | "weights" | "bias", readonly number[]>>;

export function readAttentionFixture(): readonly AttentionCase[] {
  return JSON.parse(readFileSync(new URL("attention.json", import.meta.url), "utf8")) as readonly AttentionCase[];
}
