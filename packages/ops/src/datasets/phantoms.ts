import { splitNames, type OpSignature, type SplitName } from "@exp-lab/dsl";
import { setImmediate } from "node:timers/promises";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import type { Example } from "../artifacts/examples.ts";
import { paramsOf, type OpContext } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import type { ParamsOf, SingleOp } from "../op.ts";
import { arrayLocator, digestOfArrayImage, parseArrayLocator } from "./array-image.ts";
import type { OpenDatasetReader } from "./dataset-reader.ts";
import { drawPhantom } from "./draw-phantom.ts";
import { changedImage } from "./file-images.ts";

const signature = {
  name: "phantoms",
  version: 1,
  summary: "Drawn radiograph-like images, every second one with a lesion: a data set that needs no files.",
  use: "constructor",
  role: "dataset",
  params: {
    train: { type: "integer", summary: "Images of the training split.", min: 0, max: 100_000, default: 400 },
    val: { type: "integer", summary: "Images of the validation split.", min: 0, max: 100_000, default: 200 },
    test: { type: "integer", summary: "Images of the test split.", min: 0, max: 100_000, default: 400 },
    size: { type: "integer", summary: "Side of the images.", min: 16, max: 1024, default: 64, unit: "pixels" },
    contrast: {
      type: "number",
      summary: "How much the middle of a lesion stands out, on average.",
      min: 0,
      max: 255,
      default: 80,
      unit: "grey levels",
    },
    noise: {
      type: "number",
      summary: "Deviation of every pixel's noise.",
      min: 0,
      max: 255,
      default: 10,
      unit: "grey levels",
    },
    variation: {
      type: "number",
      summary: "How unlike each other the bodies are: 1 as people are, 0 all the same but for their lesions and noise.",
      min: 0,
      max: 1,
      default: 1,
    },
    seed: {
      type: "seed",
      broadcast: false,
      summary: "Which images are drawn. A bare `seed` axis leaves it alone: that repeats fits on the same images.",
      default: 0,
    },
  },
  inputs: {},
  output: "dataset",
  facts: {
    labels: [{ is: "single-label" }],
    patients: [{ is: false }],
    bags: [{ is: false }],
    splitSizes: { train: "train", val: "val", test: "test" },
  },
} as const satisfies OpSignature;

type PhantomParams = ParamsOf<(typeof signature)["params"]>;

/** Binary: class 0 is `healthy`, class 1 is `lesion`. Ids and locators are `train[12]`; images of odd index have the lesion. */
export const phantoms: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: async (context) => {
    const params = paramsOf(signature, context);
    const places = splitNames.flatMap((split) =>
      Array.from({ length: params[split] }, (_, index) => ({ split, index })),
    );
    if (places.length === 0) {
      throw new OpError("dataset-empty", "The phantoms are none: `train`, `val` and `test` are all 0.");
    }
    return {
      problem: "binary",
      classNames: ["healthy", "lesion"],
      examples: await drawExamples(params, places, context),
      labels: { width: 1, values: Int32Array.from(places, ({ index }) => index % 2) },
      splits: places.map(({ split }) => split),
    } satisfies DatasetIndex;
  },
};

/** Draws each image when it is asked for. */
export const openPhantoms: OpenDatasetReader = (params) => {
  const settings = paramsOf(signature, { params });
  return Promise.resolve({
    readImage: (example) => {
      const { split, index } = parseArrayLocator(example.locator);
      const image = draw(settings, split, index);
      const isSame = digestOfArrayImage(image) === example.digest;
      return isSame ? Promise.resolve(image) : Promise.reject(changedImage(example.id));
    },
    close: () => Promise.resolve(),
  });
};

interface Place {
  readonly split: SplitName;
  readonly index: number;
}

async function drawExamples(
  params: PhantomParams,
  places: readonly Place[],
  { signal, progress }: Pick<OpContext, "signal" | "progress">,
): Promise<readonly Example[]> {
  const examples: Example[] = [];
  for (const { split, index } of places) {
    if (examples.length % 64 === 0) {
      // Lets a request to stop come through.
      await setImmediate();
      signal.throwIfAborted();
      progress(examples.length, places.length);
    }
    const locator = arrayLocator(split, index);
    const digest = digestOfArrayImage(draw(params, split, index));
    examples.push({ id: locator, digest, locator, group: null });
  }
  return examples;
}

function draw(params: PhantomParams, split: string, index: number): ReturnType<typeof drawPhantom> {
  return drawPhantom(params, { split, index, hasLesion: index % 2 === 1 });
}
