import type { LackEvidence } from "./device-lack.ts";

/** What a probe says, in this order: a lack, or that the device works and then, where it was asked, how fast it is. */
export type ProbeMessage =
  | { readonly say: "lacks"; readonly evidence: LackEvidence }
  | { readonly say: "works" }
  /** Seconds of the same products on the device and on the CPU with all its cores. */
  | { readonly say: "timed"; readonly seconds: number; readonly cpuSeconds: number };

/** How a probe ended: a process may crash with the driver, or be ended because it did not answer. */
export type ProbeEnd =
  | { readonly how: "exited"; readonly code: number | null; readonly signal: string | null }
  | { readonly how: "ended"; readonly afterSeconds: number };

/** All that is heard of a probe. */
export interface ProbeReport {
  readonly messages: readonly ProbeMessage[];
  /** Its standard error: drivers and loaders speak there. */
  readonly stderr: string;
  readonly end: ProbeEnd;
}
