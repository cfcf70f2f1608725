import type { ParamSpec } from "@exp-lab/dsl";
import { decoderLibraries } from "../formats/decoder-libraries.ts";
import type { LibraryName } from "../op.ts";
import { OpError } from "../op-error.ts";
import { fileWindow, type Window } from "../images/window/window.ts";

/** How every data set of files reads them; its signature takes these up. */
export const readingParams = {
  window: {
    type: "list",
    items: { type: "number", summary: "A value." },
    summary:
      "[lowest, highest] value to be told apart, in the files' units (Hounsfield units in CT); what is beyond becomes black or white. By default pictures (PNG, JPEG, ..) stay as they are, DICOM is shown as it says, and all else from an image's lowest to its highest value.",
    minLength: 2,
    maxLength: 2,
    isAscending: true,
    default: null,
  },
  percentiles: {
    type: "list",
    items: { type: "number", summary: "A percentile.", min: 0, max: 100 },
    summary: "The same by percentiles of each image's own values, e.g. [5, 95].",
    minLength: 2,
    maxLength: 2,
    isAscending: true,
    default: null,
  },
  on_error: {
    type: "choice",
    choices: ["stop", "skip"],
    summary: "A file that cannot be read stops the run, or is left out and told of under every table.",
    default: "stop",
  },
} as const satisfies Readonly<Record<string, ParamSpec>>;

/** For the facts of a signature with these parameters. */
export const readingFacts = { notWith: { percentiles: "window" } } as const;

export interface ReadingParams {
  readonly window?: readonly number[] | null;
  readonly percentiles?: readonly number[] | null;
}

/** Whether what cannot be read is left out. */
export function skips(params: Readonly<Record<string, unknown>>): boolean {
  return params["on_error"] === "skip";
}

/** What a data set's index hangs on: decoders, where each image is tried, since they say which are left out. */
export function decodersTried(params: Readonly<Record<string, unknown>>): readonly LibraryName[] {
  return skips(params) ? decoderLibraries : [];
}

/** @throws OpError `window-invalid` where it is not two values in order, or both are said */
export function windowOf({ window = null, percentiles = null }: ReadingParams): Window {
  if (window !== null && percentiles !== null) {
    throw new OpError("window-invalid", "A data set says both `window` and `percentiles`.", "Keep one of them.");
  }
  if (window !== null) return { kind: "range", ...pairOf("window", window) };
  return percentiles === null ? fileWindow : { kind: "percentiles", ...pairOf("percentiles", percentiles) };
}

function pairOf(name: string, values: readonly number[]): { readonly low: number; readonly high: number } {
  const [low, high] = values;
  if (low !== undefined && high !== undefined && low < high) return { low, high };
  throw new OpError(
    "window-invalid",
    `\`${name}: [${values.join(", ")}]\` is not a lower and a higher value.`,
    `Write two values in order, e.g. \`${name}: ${name === "window" ? "[-160, 240]" : "[5, 95]"}\`.`,
  );
}
