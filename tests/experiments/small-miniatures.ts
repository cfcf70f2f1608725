import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { engine } from "@exp-lab/ops";
import { zipSync } from "fflate";
import sharp from "sharp";
import { npyBytes } from "../ops/npy-testing.ts";

/** What `lib/small.exp` reads: an archive in MedMNIST's form, and folders of images as the brain MRI come. */
export async function writeSmallSets(data: string): Promise<void> {
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, "pneumoniamnist.npz"), zipSync(medmnistArrays()));
  for (const [split, images] of [
    ["Training", 18],
    ["Testing", 10],
  ] as const) {
    for (const [number, className] of tumours.entries()) {
      const folder = join(data, "brain-tumor-mri", split, className);
      mkdirSync(folder, { recursive: true });
      for (let index = 0; index < images; index++) {
        const seed = 1000 * number + 100 * index + split.length;
        const pixels = drawSquare(24, 40 + 50 * number, seed);
        const image = sharp(pixels, { raw: { width: 24, height: 24, channels: 1 } });
        await image.jpeg({ quality: 95 }).toFile(join(folder, `image (${String(index)}) [${className}].jpg`));
      }
    }
  }
}

const tumours = ["glioma_tumor", "meningioma_tumor", "no_tumor", "pituitary_tumor"];

function medmnistArrays(): Record<string, Uint8Array> {
  const arrays: Record<string, Uint8Array> = {};
  for (const [split, count] of Object.entries({ train: 60, val: 24, test: 40 })) {
    const labels = Uint8Array.from({ length: count }, (_, index) => index % 2);
    const images = labels.reduce<number[]>((all, label, index) => {
      all.push(...drawSquare(28, 60 + 90 * label, 7 * index + split.length));
      return all;
    }, []);
    arrays[`${split}_images.npy`] = npyBytes("|u1", [count, 28, 28], Uint8Array.from(images));
    arrays[`${split}_labels.npy`] = npyBytes("|u1", [count, 1], labels);
  }
  return arrays;
}

/** A square on noise: how bright it is tells the class, mostly. */
function drawSquare(side: number, grey: number, seed: number): Uint8Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  const noise = (spread: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.round((state / 2 ** 32 - 0.5) * spread);
  };
  const level = grey + noise(80);
  return Uint8Array.from({ length: side * side }, (_, pixel) => {
    const [x, y] = [pixel % side, Math.floor(pixel / side)];
    const isInside = [x, y].every((place) => place > side / 3 && place < (2 * side) / 3);
    return Math.min(Math.max((isInside ? level : 60) + noise(60), 0), 255);
  });
}

/** The networks that `lib/small.exp` names: how bright the image is in a few of its parts. */
export async function writeSmallNetworks(data: string): Promise<void> {
  const files = ["squeezenet1.1", "mobilenetv2_1.0_backbone", "deit_tiny_patch16_224"];
  for (const [number, file] of files.entries()) {
    const parts = 3 + number;
    const graph = engine.createGraphBuilder();
    const image = graph.input("image", [{ symbol: "batch", times: 1 }, 3, side, side]);
    const pixels = 3 * side * side;
    const values = new Float32Array(parts * pixels);
    for (let pixel = 0; pixel < pixels; pixel++) {
      const part = Math.floor(((pixel % side) * parts) / side);
      values[part * pixels + pixel] = parts / pixels;
    }
    const weight = graph.weight("weight", values, [parts, pixels]);
    graph.output("features", engine.linear(graph, engine.flatten(graph, image, 1), { weight, bias: null }));
    writeFileSync(join(data, `${file}.onnx`), await engine.writeModel(graph.toModel("means")));
  }
}

const side = 224;
