import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { decodeImage, openSession, type Session } from "@exp-lab/ops";
import sharp from "sharp";
import { judge, median, type BenchContext, type Figure, type FigureGroup } from "../figure.ts";
import { forwardPasses, runJson } from "../run-exp.ts";

/** Throughput of extraction, and how often an image passes a backbone. */
export const extractionFigures: FigureGroup = {
  name: "extraction",
  measure: async (context) => [...(await small(context)), await grow(context), await once(context)],
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
  const folder = await writeImages(context, context.material);
  const files = readdirSync(join(folder, "train", "scan")).map((name) => join(folder, "train", "scan", name));
  const ratios: Figure[] = [];
  for (const model of models) {
    const path = join(context.material, "backbones", `${model}.onnx`);
    const measured: { decode: number; forward: number; seconds: number }[] = [];
    // Machines drift: the three are measured in turn, round by round, and the ratio is taken within a round.
    for (let round = 0; round < rounds; round += 1) {
      const [decode, forward] = [await decodeAlone(files), await forwardAlone(path)];
      const seconds = await endToEnd(context, { folder, model: path, round });
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

/** Real MRI slices at 256 px as PNG files; two classes, so that a head can be asked for. */
async function writeImages({ scratch }: BenchContext, material: string): Promise<string> {
  const folder = join(scratch, "images");
  const source = join(material, "brain-tumor-mri", "Training");
  const originals = readdirSync(source).flatMap((name) =>
    readdirSync(join(source, name)).map((file) => join(source, name, file)),
  );
  for (const name of ["train/scan", "train/other", "test/scan", "test/other"])
    mkdirSync(join(folder, name), { recursive: true });
  for (let index = 0; index < imagesMeasured; index += 1) {
    const original = originals[index % originals.length] ?? "";
    const image = sharp(original).resize(side, side, { fit: "fill" }).greyscale();
    // A data set with fewer originals than images is filled up with turned ones: other bytes, the same work.
    const turned = image.rotate(90 * Math.floor(index / originals.length));
    await turned.png().toFile(join(folder, "train/scan", `${String(index)}.png`));
  }
  for (const [index, name] of ["train/other", "test/scan", "test/other"].entries()) {
    await sharp(originals[index] ?? "")
      .resize(side, side, { fit: "fill" })
      .negate()
      .png()
      .toFile(join(folder, name, "one.png"));
  }
  return folder;
}

const concurrentDecodes = 4;

/** Seconds per image, with as many decoded at once as a run does. */
async function decodeAlone(files: readonly string[]): Promise<number> {
  const started = performance.now();
  for (let start = 0; start < files.length; start += concurrentDecodes) {
    const part = files.slice(start, start + concurrentDecodes);
    await Promise.all(part.map((file) => decodeImage(readFileSync(file), file)));
  }
  return (performance.now() - started) / 1000 / files.length;
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

interface EndToEnd {
  readonly folder: string;
  readonly model: string;
  readonly round: number;
}

/** Seconds per image of the extraction task over the large split, as the run itself reports it; the model is loaded in it. */
async function endToEnd(context: BenchContext, { folder, model, round }: EndToEnd): Promise<number> {
  const program = join(context.scratch, "small.exp");
  const store = join(context.scratch, `small-${basename(model)}-${String(round)}`);
  writeFileSync(program, oneBackbone(folder, model));
  const events = await runJson(context.root, [program, "--store", store]);
  const extraction = events.find(
    ({ event, op, forwardPasses: passes = 0 }) => event === "task.finished" && op === "extract" && passes > 100,
  );
  return (extraction?.seconds ?? Number.NaN) / (extraction?.forwardPasses ?? 1);
}

function oneBackbone(folder: string, model: string): string {
  return `exp 1
dataset scans = image_folder { root: "${folder}" }
backbone real = onnx { file: "${model}" }
head near = knn { k: 1 }
sweep all { dataset: scans  backbone: real  head: near }
table "One" { from: all  rows: head  cells: test.accuracy }
`;
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
