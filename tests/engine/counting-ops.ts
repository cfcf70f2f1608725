import { readFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import {
  builtinOps,
  inputOf,
  OpError,
  paramsOf,
  type Example,
  type FusedContext,
  type Op,
  type OpContext,
  type PerExampleOp,
  type SingleOp,
} from "@exp-lab/ops";
import type { OpSignature } from "@exp-lab/dsl";

/** How often each op was called, and how many examples went through the extraction. */
export interface CallCounts {
  readonly calls: Map<string, number>;
  forwardPasses: number;
  /** Set to make the extraction give up on the image with this text. */
  brokenImage: string | null;
}

/**
 * A real chain with the slow ends replaced: a data set of text lines, a backbone that turns a line into two numbers, and
 * the built-in split, heads and metrics. Every call is counted.
 */
export function createCountingOps(): { readonly ops: ReadonlyMap<string, Op>; readonly counts: CallCounts } {
  const counts: CallCounts = { calls: new Map(), forwardPasses: 0, brokenImage: null };
  const kept = builtinOps.filter(({ signature: { role, use } }) => role === "head" || use === "metric");
  const split = builtinOps.filter(({ signature: { output } }) => output === "audited" || output === "examples");
  const all: readonly Op[] = [linesOp, scaleOp, createExtractOp(counts), ...split, ...kept];
  return { ops: new Map(all.map((op) => [op.signature.name, counted(op, counts)])), counts };
}

function counted(op: Op, counts: CallCounts): Op {
  const count = (): void => {
    const { name } = op.signature;
    counts.calls.set(name, (counts.calls.get(name) ?? 0) + 1);
  };
  switch (op.shape) {
    case "single":
      return { ...op, run: (context: OpContext) => (count(), op.run(context)) };
    case "fused":
      return { ...op, run: (context: FusedContext) => (count(), op.run(context)) };
    case "per example":
      return { ...op, open: (context) => (count(), op.open(context)) };
  }
  return op satisfies never;
}

const linesSignature = {
  name: "lines",
  version: 1,
  summary: "A text file: one example a line, `split label x y`.",
  use: "constructor",
  role: "dataset",
  params: { file: { type: "file", summary: "The text file." } },
  inputs: {},
  output: "dataset",
} as const satisfies OpSignature;

const linesOp: SingleOp = {
  signature: linesSignature,
  shape: "single",
  deterministic: true,
  libraries: [],
  run: async (context) => {
    const { file } = paramsOf(linesSignature, context);
    const lines = (await readFile(file.path, "utf8")).split("\n").filter((line) => line.trim() !== "");
    const fields = lines.map((line) => line.split(" "));
    return {
      problem: "binary",
      classNames: ["no", "yes"],
      examples: lines.map((line, index): Example => {
        const image = line.split(" ").slice(2).join(" ");
        const digest = createHash("sha256").update(image).digest("hex");
        return { id: `line ${String(index + 1)}`, digest, locator: image, group: null };
      }),
      labels: { width: 1, values: Int32Array.from(fields.map(([, label]) => Number(label))) },
      splits: fields.map(([name]) => (name === "train" || name === "val" ? name : "test")),
    };
  },
};

const scaleSignature = {
  name: "scale",
  version: 1,
  summary: "A backbone that multiplies.",
  use: "constructor",
  role: "backbone",
  params: {
    factor: { type: "number", default: 1, summary: "What it multiplies by." },
    workers: { type: "integer", default: 1, semantic: false, summary: "Changes no answer." },
  },
  inputs: {},
  output: "backbone",
} as const satisfies OpSignature;

const scaleOp: SingleOp = {
  signature: scaleSignature,
  shape: "single",
  deterministic: true,
  libraries: [],
  run: (context) => {
    const { factor } = paramsOf(scaleSignature, context);
    // The sign of the factor is lost on purpose: a changed question may give the bytes of an earlier one.
    return Promise.resolve({
      graph: { kind: "inline", model: new Uint8Array(new Float64Array([Math.abs(factor)]).buffer) },
      preprocessing: {
        input: "x",
        imageSize: 1,
        resizeTo: 1,
        resample: "pillow_bilinear",
        fit: "squash",
        mean: [0, 0, 0],
        deviation: [1, 1, 1],
      },
      outputs: [{ tensor: "y", part: "xy", reduce: "none", prefixTokens: 0 }],
      layout: { parts: [{ name: "xy", width: 2 }], defaultPart: "xy" },
      precision: "float32",
    });
  },
};

function createExtractOp(counts: CallCounts): PerExampleOp {
  return {
    signature: {
      name: "extract",
      version: 1,
      summary: "Two numbers an example.",
      use: "companion",
      role: "backbone",
      params: {},
      inputs: {
        backbone: { kind: "backbone", summary: "The factor." },
        examples: { kind: "examples", summary: "What to multiply." },
        images: { kind: "dataset", locator: true, summary: "Where the lines lie." },
      },
      output: "features",
    },
    shape: "per example",
    deterministic: true,
    libraries: [],
    open: (context) => {
      const { graph } = inputOf(context, "backbone", "backbone");
      if (graph.kind !== "inline") throw new OpError("no-factor", "The backbone has no factor.");
      const factor = new Float64Array(graph.model.slice().buffer)[0] ?? Number.NaN;
      return Promise.resolve({
        layout: { parts: [{ name: "xy", width: 2 }], defaultPart: "xy" },
        batchSize: 2,
        madeBy: "test",
        extract: ({ examples }) => {
          const whole = examples.filter(({ locator }) => locator !== counts.brokenImage);
          const broken = examples.filter(({ locator }) => locator === counts.brokenImage);
          counts.forwardPasses += whole.length;
          return Promise.resolve({
            rows: Float32Array.from(whole.flatMap(({ locator }) => locator.split(" ").map((n) => Number(n) * factor))),
            digests: whole.map(({ digest }) => digest),
            failures: broken.map(({ id }) => ({ exampleId: id, code: "image-damaged", message: `${id} is damaged.` })),
          });
        },
        close: () => Promise.resolve(),
      });
    },
  };
}
