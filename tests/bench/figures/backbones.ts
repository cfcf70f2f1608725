import { spawnSync } from "node:child_process";
import { rmSync, statfsSync } from "node:fs";
import { freemem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { engine } from "@exp-lab/ops";
import { judge, notMeasured, type BenchContext, type Figure, type FigureGroup } from "../figure.ts";
import { repeatedWeights, writeWeights } from "../forward/write-weights.ts";

/** What published backbones take to be built. */
export const backboneFigures: FigureGroup = {
  name: "backbones",
  measure: (context) => Promise.resolve(buildMemory(context)),
};

interface BuildRun {
  readonly bare: number;
  readonly opened: number;
  readonly passed: number;
}

const network = "vit_large_patch16_224";
const bytesNeeded = 5e9;
const fileBytes = 1.3e9;

const build = { figure: "backbones.vitl_build_ratio", unit: "ratio", target: "<= 1.3" } as const;
const withPass = { figure: "backbones.vitl_build_ratio.with_pass", unit: "ratio", target: "none" } as const;

/** Most memory of building ViT-L over its file and loading it, over the bytes of its weights. */
function buildMemory({ scratch, say }: BenchContext): readonly Figure[] {
  const { bavail, bsize } = statfsSync(scratch);
  if (freemem() < bytesNeeded || bavail * bsize < fileBytes || process.platform !== "linux") {
    const needs = "needs Linux, 5 GB of free memory, and 1.3 GB of space for temporary files";
    return [build, withPass].map((each) => notMeasured(each, needs));
  }
  say("backbones: memory of building ViT-L/16");
  const path = join(scratch, `${network}.safetensors`);
  try {
    const bytes = writeWeights(path, engine.traceBackbone(network).weights, repeatedWeights());
    const { bare, opened, passed } = runApart(path);
    const gigabytes = (count: number): string => (count / 1e9).toFixed(2);
    const beyond = `beyond the ${gigabytes(bare)} GB of a Node process with onnxruntime; its weights are ${gigabytes(bytes)} GB`;
    const baseline = `${network}: peak of a process that builds the graph over the file and opens it, ${gigabytes(opened)} GB ${beyond}`;
    return [
      judge({ ...build, value: opened / bytes, baseline }, { atMost: 1.3 }),
      {
        ...withPass,
        value: passed / bytes,
        holds: null,
        baseline: `the same with one pass of 4 images, ${gigabytes(passed)} GB ${beyond}`,
      },
    ];
  } finally {
    rmSync(path, { force: true });
  }
}

function runApart(weights: string): BuildRun {
  const script = fileURLToPath(new URL("../backbones/vitl-memory.js", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--expose-gc", script, network, weights], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`Building ${network} ended with ${String(status)}:\n${stderr}`);
  return JSON.parse(stdout) as BuildRun;
}
