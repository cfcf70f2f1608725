import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openSession, type Session } from "@exp-lab/ops";
import sharp from "sharp";
import { decodeAlone } from "../extraction/decode-alone.ts";
import { endToEnd } from "../extraction/end-to-end.ts";
import { writeRealImages } from "../extraction/real-images.ts";
import { judge, median, type BenchContext, type Figure, type FigureGroup } from "../figure.ts";
import { forwardPasses, runJson } from "../run-exp.ts";
import { forwardFigures } from "./forward.ts";
import { gpuFigure } from "./forward-gpu.ts";
import { largeSourcesFigure } from "./large-sources.ts";

/** Throughput of extraction beside its parts and beside PyTorch, and how often an image passes a backbone. */
export const extractionFigures: FigureGroup = {
  name: "extraction",
  measure: async (context) => [
    ...(await small(context)),
    await largeSourcesFigure(context),
    ...(await forwardFigures(context)),
    await gpuFigure(context),
    await grow(context),
    await once(context),
  ],
};

const models = ["deit_tiny_patch16_224", "mobilenetv2_1.0_backbone"] as const;
const side = 256;
const imagesMeasured = 1600;
const rounds = 3;
const batch = 4;

/** End to end (decode, preprocess, forward, store) over forward and decode, each measured alone, one after the other. */
async function small(context: BenchContext): Promise<readonly Figure[]> {
  const target = ">= 0.9";
  if (context.material === null) {
    const baseline = "needs the real backbones and images (EXP_MATERIAL)";
    return [{ figure: "extraction.small", value: null, unit: "ratio", target, holds: null, baseline }];
  }
  const folder = join(context.scratch, "images");
  const files = await writeRealImages({ material: context.material, folder, side, count: imagesMeasured });
  const ratios: Figure[] = [];
  for (const model of models) {
    const path = join(context.material, "backbones", `${model}.onnx`);
    const measured: { decode: number; forward: number; seconds: number }[] = [];
    // Machines drift: the three are measured in turn, round by round, and the ratio is taken within a round.
    for (let round = 0; round < rounds; round += 1) {
      const [decode, forward] = [await decodeAlone(files), await forwardAlone(path)];
      const name = `small-${model}-${String(round)}`;
      const seconds = await endToEnd(context, { folder, backbone: `onnx { file: "${path}" }`, name });
      measured.push({ decode, forward, seconds });
    }
    const value = median(measured.map(({ decode, forward, seconds }) => (decode + forward) / seconds));
    const rate = (part: "decode" | "forward" | "seconds"): string =>
      (1 / median(measured.map((round) => round[part]))).toFixed(1);
    const baseline = `${model}: ${rate("seconds")} images/s end to end; alone: forward ${rate("forward")}, decode ${rate("decode")} images/s; ${String(side)} px PNG; median of ${String(rounds)} rounds`;
    ratios.push(judge({ figure: `extraction.small.${model}`, value, unit: "ratio", baseline }, { atLeast: 0.9 }));
  }
  const worst = Math.min(...ratios.map(({ value }) => value ?? Number.NaN));
  const baseline = `the lower of ${models.join(" and ")}: images/s end to end over 1 / (forward + decode), each alone`;
  return [judge({ figure: "extraction.small", value: worst, unit: "ratio", baseline }, { atLeast: 0.9 }), ...ratios];
}

const imagesForwarded = 128;

/** Seconds per image, on all cores, warm. */
async function forwardAlone(path: string): Promise<number> {
  const session: Session = await openSession({ model: { data: path, name: path } });
  try {
    const input = session.inputs[0]?.name ?? "";
    const pixels = { [input]: { dims: [batch, 3, 224, 224], data: new Float32Array(batch * 3 * 224 * 224).fill(0.5) } };
    const outputs = session.outputs.map(({ name }) => name);
    const pass = async (images: number): Promise<void> => {
      for (let done = 0; done < images; done += batch) await session.run(pixels, outputs);
    };
    await pass(4 * batch);
    const started = performance.now();
    await pass(imagesForwarded);
    return (performance.now() - started) / 1000 / imagesForwarded;
  } finally {
    await session.close();
  }
}

/** Forward passes per backbone when ten images are added to a data set that has been through. */
async function grow(context: BenchContext): Promise<Figure> {
  const folder = join(context.scratch, "growing");
  await writePhantoms(folder, 0, 40);
  const argv = [writeProgram(context, "grow", folder, "near"), "--store", join(context.scratch, "grow")];
  await runJson(context.root, argv);
  await writePhantoms(folder, 40, 50);
  const value = forwardPasses(await runJson(context.root, argv)) / 2;
  const baseline = "two backbones over 40 images, then 10 more; counted by the run itself";
  return judge({ figure: "extraction.grow", value, unit: "passes", baseline }, { exactly: 10 });
}

/** Forward passes per (recipe, image) over two heads, three settings of one of them, and two files. */
async function once(context: BenchContext): Promise<Figure> {
  const folder = join(context.scratch, "growing");
  const copy = join(context.scratch, "copied");
  cpSync(folder, copy, { recursive: true });
  const store = ["--store", join(context.scratch, "once")];
  const first = await runJson(context.root, [writeProgram(context, "once", folder, "near, logit"), ...store]);
  const second = await runJson(context.root, [writeProgram(context, "twice", copy, "logit, near"), ...store]);
  const value = (forwardPasses(first) + forwardPasses(second)) / (2 * 50);
  const baseline =
    "two backbones, 50 images, two heads, three settings of k, two programs over two copies of the folder";
  return judge({ figure: "extraction.once", value, unit: "passes", baseline }, { exactly: 1 });
}

function writeProgram({ scratch }: BenchContext, name: string, folder: string, heads: string): string {
  const path = join(scratch, `${name}.exp`);
  const program = `exp 1
dataset dots = image_folder { root: "${folder}" }
backbone fine = vit { weights: random(1), image_size: 32, patch_size: 8, width: 32, depth: 2, heads: 2 }
backbone coarse = fine { patch_size: 16 }
head near = knn { k: 1 }
head logit = logistic { c: 0.1 }
sweep all { dataset: dots  backbone: [fine, coarse]  head: [${heads}]  head.k: [1, 3, 5] }
table "All" { from: all  rows: backbone, head, head.k  cells: test.accuracy }
`;
  writeFileSync(path, program);
  return path;
}

/** Grey squares, each of its own, spread over two splits and two classes. */
async function writePhantoms(folder: string, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index += 1) {
    const name = `${index % 2 === 0 ? "train" : "test"}/${index % 4 < 2 ? "dark" : "light"}`;
    mkdirSync(join(folder, name), { recursive: true });
    const pixels = Uint8Array.from(
      { length: 32 * 32 },
      (_, pixel) => (pixel * (index + 1) * 7 + (index % 4 < 2 ? 0 : 90)) % 256,
    );
    await sharp(pixels, { raw: { width: 32, height: 32, channels: 1 } })
      .png()
      .toFile(join(folder, name, `${String(index)}.png`));
  }
}
