import { expect, it } from "vitest";
import { readCnnReference } from "../../../../../tests/ops/reference/cnn_backbones-fixture.ts";
import { weightsAskedBy, type AskedWeight } from "../networks/asked-weights.ts";
import { publishedCnns } from "../networks/published-cnns.ts";
import { cnnNamings } from "./cnn-namings.ts";
import type { Naming } from "./naming.ts";

const namings: readonly Naming[] = Object.values(cnnNamings).flat();
const { files } = readCnnReference();

it("is shown a file of every naming", () => {
  expect([...new Set(files.map(({ naming }) => naming))].sort()).toEqual(namings.map(({ name }) => name).sort());
});

it.each(files)("finds all that $network needs in a file of the naming $naming", (file) => {
  const naming = namings.find(({ name }) => name === file.naming)!;
  const wanted = new Map(askedBy(file.network).map(({ name, shape }) => [name, shape]));
  const found = [...file.shapes].flatMap(([stored, shape]) => {
    const name = naming.rename(stored);
    return name === null ? [] : [{ stored, name, shape }];
  });

  expect(found.map(({ name }) => name).sort()).toEqual([...wanted.keys()].sort());
  for (const { stored, name, shape } of found) {
    if (naming.reshapes?.(stored) === true) expect(countOf(shape), stored).toBe(countOf(wanted.get(name)!));
    else expect(shape, stored).toEqual(wanted.get(name));
  }
});

it.each(files)("tells the naming $naming of $network from the family's others", (file) => {
  const family = cnnNamings[publishedCnns.get(file.network)!.family];
  const fitting = family.filter(({ fits }) => fits(new Set(file.shapes.keys())));
  expect(fitting.map(({ name }) => name)).toEqual([file.naming]);
});

it("has no name for a classifier or a count of batches", () => {
  const others = ["fc.weight", "classifier.6.bias", "head.fc.weight", "classifier.1.weight", "bn1.num_batches_tracked"];
  for (const naming of namings) expect(others.map(naming.rename)).toEqual(others.map(() => null));
});

it("tells no file of another architecture to be of these", () => {
  const names = new Set([
    "conv1.0.weight",
    "layer1.0.conv1.weight",
    "patch_embed.proj.weight",
    "blocks.0.norm1.weight",
  ]);
  expect(namings.filter(({ fits }) => fits(names))).toEqual([]);
});

function askedBy(network: string): readonly AskedWeight[] {
  const { build } = publishedCnns.get(network)!;
  return weightsAskedBy((graph, weights) => build(graph, graph.input("images", [1, 3, 224, 224]), weights));
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
