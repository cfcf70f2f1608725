import type { DecodedImage } from "../images/decoded-image.ts";
import { randomStream, type RandomStream } from "../runtime/random.ts";

/** What a phantom looks like; grey levels are of 0..255. */
export interface PhantomSettings {
  /** Side in pixels. */
  readonly size: number;
  /** How many grey levels the middle of a lesion stands out by, on average. */
  readonly contrast: number;
  /** Deviation of the noise of every pixel, in grey levels. */
  readonly noise: number;
  /** How unlike each other the bodies are: 1 as people are, 0 all the same. The lesions differ all the same. */
  readonly variation: number;
  readonly seed: number;
}

export interface PhantomPlace {
  readonly split: string;
  readonly index: number;
  readonly hasLesion: boolean;
}

/**
 * A grey image with the looks of a small chest radiograph: a bright body, two darker lungs, ribs, uneven tissue, noise,
 * and in the ill a soft round bright lesion somewhere in a lung. A pure function of settings and place: only +, -, *, /
 * and square roots are used, so that every machine draws the same bytes, and a data set that grows keeps its images.
 */
export function drawPhantom(settings: PhantomSettings, place: PhantomPlace): DecodedImage {
  const { size, seed, noise, variation } = settings;
  const streamOf = (name: string): RandomStream => randomStream(seed, "phantom", name, place.split, place.index);
  const anatomy = drawAnatomy(streamOf("anatomy"), variation);
  const tissue = drawTissue(streamOf("tissue"), variation);
  const lesion = drawLesion(anatomy, settings.contrast, streamOf("lesion"));
  const noiseStream = streamOf("noise");

  const data = new Uint8Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const point = { x: ((column + 0.5) / size) * 2 - 1, y: ((row + 0.5) / size) * 2 - 1 };
      const grey = anatomy.greyAt(point) + tissue(point) + (place.hasLesion ? lesion(point) : 0);
      data[row * size + column] = toByte(grey + noise * noiseStream.normal());
    }
  }
  return { width: size, height: size, channels: 1, data };
}

/** A place in the image, from -1 (left, top) to 1. */
interface Point {
  readonly x: number;
  readonly y: number;
}

interface Ellipse {
  readonly centre: Point;
  readonly radiusX: number;
  readonly radiusY: number;
}

interface Anatomy {
  readonly lungs: readonly [Ellipse, Ellipse];
  readonly greyAt: (point: Point) => number;
}

function drawAnatomy(stream: RandomStream, variation: number): Anatomy {
  const vary = (low: number, high: number): number =>
    (low + high) / 2 + (high - low) * variation * (stream.uniform() - 0.5);
  const body: Ellipse = {
    centre: { x: vary(-0.05, 0.05), y: 0.25 },
    radiusX: vary(0.85, 1),
    radiusY: 1.3,
  };
  const lung = (side: number): Ellipse => ({
    centre: { x: body.centre.x + side * vary(0.37, 0.45), y: vary(-0.12, 0.04) },
    radiusX: vary(0.26, 0.34),
    radiusY: vary(0.55, 0.68),
  });
  const lungs = [lung(-1), lung(1)] as const;
  const bodyGrey = vary(140, 170);
  const lungDepth = vary(60, 85);
  const ribs = {
    distance: vary(0.2, 0.26),
    phase: vary(0, 1),
    bend: vary(0.3, 0.6),
    height: vary(8, 20),
  };
  const greyAt = ({ x, y }: Point): number => {
    const air = Math.max(inside(lungs[0], { x, y }), inside(lungs[1], { x, y }));
    const bow = (x - body.centre.x) ** 2 * ribs.bend;
    const along = (y + bow) / ribs.distance + ribs.phase;
    const rib = Math.max(0, 1 - 4 * Math.abs(along - Math.floor(along) - 0.5)) * ribs.height * air;
    return 15 + inside(body, { x, y }) * (bodyGrey - 15) - air * lungDepth + rib;
  };
  return { lungs, greyAt };
}

/** Uneven brightness: noise on two lattices, coarse and fine, blended smoothly in between. */
function drawTissue(stream: RandomStream, variation: number): (point: Point) => number {
  const octaves = [
    { cells: 4, height: 16 },
    { cells: 11, height: 9 },
  ].map(({ cells, height }) => ({
    cells,
    values: Float64Array.from({ length: (cells + 1) ** 2 }, () => height * variation * stream.normal()),
  }));
  return ({ x, y }) => octaves.reduce((sum, octave) => sum + latticeValue(octave, { x, y }), 0);
}

interface Lattice {
  readonly cells: number;
  readonly values: Float64Array;
}

function latticeValue({ cells, values }: Lattice, { x, y }: Point): number {
  const across = ((x + 1) / 2) * cells;
  const down = ((y + 1) / 2) * cells;
  const [column, row] = [Math.min(Math.floor(across), cells - 1), Math.min(Math.floor(down), cells - 1)];
  const [right, below] = [smooth(across - column), smooth(down - row)];
  const at = (dx: number, dy: number): number => values[(row + dy) * (cells + 1) + column + dx]!;
  const upper = at(0, 0) * (1 - right) + at(1, 0) * right;
  const lower = at(0, 1) * (1 - right) + at(1, 1) * right;
  return upper * (1 - below) + lower * below;
}

function drawLesion({ lungs }: Anatomy, contrast: number, stream: RandomStream): (point: Point) => number {
  const lung = lungs[stream.integer(2)]!;
  const radius = between(stream, 0.13, 0.22);
  const height = contrast * between(stream, 0.75, 1.25);
  // Uniform over the lung but for its rim: drawn in the square around it until it falls inside.
  let [x, y] = [1, 1];
  while (x * x + y * y > 1) [x, y] = [between(stream, -1, 1), between(stream, -1, 1)];
  const centre = { x: lung.centre.x + 0.75 * lung.radiusX * x, y: lung.centre.y + 0.75 * lung.radiusY * y };
  return (point) => {
    const square = ((point.x - centre.x) ** 2 + (point.y - centre.y) ** 2) / radius ** 2;
    return square < 1 ? height * (1 - square) ** 2 : 0;
  };
}

/** 1 inside an ellipse, 0 outside, with a soft rim. */
function inside({ centre, radiusX, radiusY }: Ellipse, { x, y }: Point): number {
  const distance = Math.sqrt(((x - centre.x) / radiusX) ** 2 + ((y - centre.y) / radiusY) ** 2);
  return smooth(Math.min(Math.max((1.1 - distance) / 0.2, 0), 1));
}

/** Rises from 0 to 1 over 0..1 with a level start and end. */
function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}

function between(stream: RandomStream, low: number, high: number): number {
  return low + (high - low) * stream.uniform();
}

function toByte(value: number): number {
  return Math.min(Math.max(Math.round(value), 0), 255);
}
