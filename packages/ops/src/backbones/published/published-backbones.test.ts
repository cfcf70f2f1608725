import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  readPublishedFiles,
  tensorsOf,
  type PublishedFile,
} from "../../../../../tests/ops/reference/published_sizes-fixture.ts";
import { freeDimension } from "../../onnx/shapes.ts";
import { weightsAskedBy } from "../networks/asked-weights.ts";
import { buildStoredGraph, type BuiltGraph } from "../stored-graph.ts";
import { nameWeights, type NamedWeights } from "../weights/name-weights.ts";
import type { WeightTable } from "../weights/weight-table.ts";
import { describeBackbones } from "./describe-backbones.ts";
import type { PublishedBackbone } from "./published-backbone.ts";
import { publishedBackbones } from "./published-backbones.ts";

const files = readPublishedFiles();
const described = new Map(describeBackbones().map((backbone) => [backbone.name, backbone]));

describe("a published file", () => {
  it.each(files)("has what $name asks for, and no more of it: $file", async (file) => {
    const backbone = publishedBackbones.find(({ name }) => name === file.name)!;
    const table = tableOf(file);
    const { model, parts } = await graphOver(backbone, table);
    const read = await tensorsRead(backbone, table, model);
    expect(read).toHaveLength(file.tensors);
    expect(digestOfTensors(read)).toBe(file.sha256);
    expect(read.reduce((sum, { shape }) => sum + countOf(shape), 0)).toBe(file.parameters);
    expect(described.get(file.name)?.parameters).toBe(file.parameters);
    expect(new Set(parts.map(({ name }) => name))).toEqual(new Set(backbone.parts));
    expect(parts).toHaveLength(backbone.parts.length);
  });

  it("is known of every transformer", () => {
    const transformers = publishedBackbones.filter(({ name }) => !/^(?:resnet|vgg|densenet)/.test(name));
    expect(transformers.map(({ name }) => name)).toEqual([...new Set(files.map(({ name }) => name))]);
  });

  it("is refused by the constructors of other sizes, and of other families", async () => {
    const [small] = files;
    const others = publishedBackbones.filter(({ name }) => /^dinov2_vit(?:b|g)14|_reg$|^vit_|^sam_|^clip_/.test(name));
    for (const backbone of others) {
      await expect(graphOver(backbone, tableOf(small!)), backbone.name).rejects.toMatchObject({
        code: expect.stringMatching(/^weights-(?:shape|missing|unused|unknown-names)$/) as string,
      });
    }
  });
});

describe("publishedBackbones", () => {
  it("have names of their own, as a program writes them", () => {
    const names = publishedBackbones.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
  });

  it.each(publishedBackbones)("have the parts that they declare: $name", (backbone) => {
    const { parts } = described.get(backbone.name)!;
    expect(new Set(partsBuilt(backbone))).toEqual(new Set(backbone.parts));
    expect(parts.filter(({ width }) => width < 192)).toEqual([]);
  });

  it.each(publishedBackbones)("prepare images within reason: $name", ({ preprocessing, multiple, weights }) => {
    const { imageSize, mean, deviation, fit } = preprocessing;
    const sides = [preprocessing.resizeTo, ...Object.values(weights).flatMap(({ resizeTo = [] }) => resizeTo)];
    expect(imageSize % multiple).toBe(0);
    expect(sides.every((side) => side >= imageSize && side <= (imageSize * 8) / 7)).toBe(true);
    expect(fit === "shorter-side" || sides.every((side) => side === imageSize)).toBe(true);
    expect(mean.every((value) => value > 0.4 && value < 0.54)).toBe(true);
    expect(deviation.every((value) => value > 0.22 && value <= 0.5)).toBe(true);
  });

  it.each(publishedBackbones)("have weights to fetch: $name", ({ weights }) => {
    const all = Object.values(weights);
    expect(all.length).toBeGreaterThan(0);
    // Eight digits is what torchvision's file names end in.
    expect(all.every(({ sha256 }) => sha256 === undefined || /^(?:[0-9a-f]{64}|[0-9a-f]{8})$/.test(sha256))).toBe(true);
    const places = all.map(({ from }) => JSON.stringify(from));
    expect(new Set(places).size).toBe(places.length);
  });
});

function tableOf(file: PublishedFile): WeightTable {
  return { file: file.file.split("/").at(-1)!, paths: ["/nowhere"], weights: tensorsOf(file) };
}

/** At the published image size. @throws OpError where something is missing, of another shape or left over */
async function graphOver(backbone: PublishedBackbone, table: WeightTable): Promise<BuiltGraph> {
  const { namings, positions = null, preprocessing } = backbone;
  const { imageSize } = preprocessing;
  return buildStoredGraph({
    ...{ table, imageSize, naming: { namings, prefix: null } },
    build: (graph, image, weights) => backbone.build(graph, image, { weights, imageSize, positions, norm: "final" }),
  });
}

interface ReadTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

/** What the graph reads of the file, by the file's own names and with its own shapes. */
async function tensorsRead(
  { namings }: PublishedBackbone,
  table: WeightTable,
  { graph }: BuiltGraph["model"],
): Promise<readonly ReadTensor[]> {
  const named: NamedWeights = await nameWeights(table, { namings, prefix: null });
  return (graph.initializer ?? []).flatMap(({ name = "", dataLocation }) => {
    if (dataLocation !== 1) return [];
    const { original, stored } = named.weights.get(name)!;
    return [{ name: original, shape: stored.shape }];
  });
}

/** Of lines `name size,size,..` in order of the names, as the script makes it. */
function digestOfTensors(tensors: readonly ReadTensor[]): string {
  const lines = tensors.map(({ name, shape }) => `${name} ${shape.join(",")}\n`);
  return createHash("sha256").update(sortedByName(lines).join("")).digest("hex");
}

function sortedByName(lines: readonly string[]): readonly string[] {
  const nameOf = (line: string): string => line.slice(0, line.indexOf(" "));
  return [...lines].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function partsBuilt(backbone: PublishedBackbone): readonly string[] {
  const { imageSize } = backbone.preprocessing;
  const parts: string[] = [];
  weightsAskedBy((graph, weights) => {
    const image = graph.input("image", [freeDimension("batch"), 3, imageSize, imageSize]);
    const has = (name: string): boolean => backbone.lacks?.test(name) !== true;
    const options = { imageSize, positions: backbone.positions ?? null, norm: "final" } as const;
    parts.push(...backbone.build(graph, image, { ...options, weights: { ...weights, has } }).keys());
  });
  return parts;
}
