import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { decodeImage, engine } from "@exp-lab/ops";
import { decodeAlone } from "../extraction/decode-alone.ts";
import { endToEnd } from "../extraction/end-to-end.ts";
import { writeRealImages } from "../extraction/real-images.ts";
import { median, notMeasured, type BenchContext, type Figure } from "../figure.ts";
import { openLanes } from "../forward/lanes.ts";
import { imageSide, makeVit } from "../forward/vit-forward.ts";

const figure = { figure: "extraction.large_decode_share", unit: "ratio", target: "none" } as const;
const side = 1024;
const count = 120;
const preparedImages = 40;
const rounds = 3;
const batch = 4;
const forwardSeconds = 3;

/** As DINOv2's publisher prepares images; mean and deviation change no speed. */
const preprocessing = {
  input: "pixel_values",
  imageSize: imageSide,
  resizeTo: 256,
  resample: "pillow_bicubic",
  fit: "shorter-side",
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
} as const;

/** Seconds per image on all cores. */
interface LargeRound {
  readonly decode: number;
  readonly prepare: number;
  readonly forward: number;
  readonly whole: number;
}

/** How much of an extraction from images of 1,024 pixels decoding explains. */
export async function largeSourcesFigure(context: BenchContext): Promise<Figure> {
  const { material, scratch, say } = context;
  if (material === null) return notMeasured(figure, "needs the real images (EXP_MATERIAL)");
  say("extraction: images of 1,024 px");
  const folder = join(scratch, "large-images");
  const files = await writeRealImages({ material, folder, side, count });
  const vit = await makeVit("dinov2_vits14", scratch);
  const { source, parts } = vit.graph;
  const lanes = await openLanes(availableParallelism(), {
    ...{ source, device: "cpu", threads: 1, outputs: parts },
    ...{ input: preprocessing.input, shape: [3, imageSide, imageSide] },
  });
  const measured: LargeRound[] = [];
  try {
    await lanes.pass(batch);
    const backbone = `${vit.name} { weights: file("${vit.weights}") }`;
    for (let round = 0; round < rounds; round += 1) {
      measured.push({
        decode: await decodeAlone(files),
        prepare: await prepareAlone(files.slice(0, preparedImages)),
        forward: 1 / (batch * (await lanes.passesPerSecond(forwardSeconds))),
        whole: await endToEnd(context, { folder, backbone, name: `large-${String(round)}` }),
      });
    }
  } finally {
    await lanes.close();
  }
  const rate = (part: keyof LargeRound): string => (1 / median(measured.map((round) => round[part]))).toFixed(1);
  const shares = measured.map(({ decode, whole }) => decode / whole);
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
  const baseline = `ViT-S/14 from PNG of 1,024 px: ${rate("whole")} images/s end to end; alone: decode ${rate("decode")}, preprocess ${rate("prepare")} (one core's rate times the cores), forward ${rate("forward")} images/s; median of ${String(rounds)} rounds (${low.toFixed(2)}-${high.toFixed(2)})`;
  return { ...figure, value: median(shares), holds: null, baseline };
}

/** Preparing an image takes one core: what it takes there, shared out over all. */
async function prepareAlone(files: readonly string[]): Promise<number> {
  const pixels = new Float32Array(3 * imageSide ** 2);
  let milliseconds = 0;
  for (const file of files) {
    const image = await decodeImage(readFileSync(file), file);
    const started = performance.now();
    engine.preprocessImage(image, preprocessing, pixels, 0);
    milliseconds += performance.now() - started;
  }
  return milliseconds / 1000 / files.length / availableParallelism();
}
