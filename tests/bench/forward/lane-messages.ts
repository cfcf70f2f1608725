import type { Device, engine } from "@exp-lab/ops";

/** What a lane runs: the first message that it gets. */
export interface LaneSetup {
  readonly source: engine.ModelSource;
  readonly device: Device;
  readonly threads: number;
  readonly input: string;
  /** Without the batch, which comes first. */
  readonly shape: readonly number[];
  readonly outputs: readonly string[];
}

export type LaneQuestion =
  /** Makes a batch of hashed numbers and passes it once; answered with the values of the first output. */
  | { readonly ask: "pass"; readonly batch: number }
  /** Passes the same batch over and over for some time; answered with how often. */
  | { readonly ask: "repeat"; readonly seconds: number };

export type LaneAnswer =
  | { readonly say: "open" }
  | { readonly say: "passed"; readonly values: Float32Array }
  | { readonly say: "repeated"; readonly passes: number }
  | { readonly say: "failed"; readonly message: string };
