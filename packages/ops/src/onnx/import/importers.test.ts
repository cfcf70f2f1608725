import { describe, expect, it } from "vitest";
import { readImportedNodes, type StoredTensor } from "../../../../../tests/ops/reference/imported-nodes-fixture.ts";
import { inputsOfNode, modelOfNode, outputsOfNode } from "./import-testing/node-model.ts";
import { runApplied } from "./import-testing/run-applied.ts";
import { importers } from "./importers.ts";

const nodes = readImportedNodes();

it("has cases for every operator", () => {
  expect([...new Set(nodes.map(({ operator }) => operator))].sort()).toEqual([...importers.keys()].sort());
});

describe.each([...importers.keys()])("%s", (operator) => {
  it.each(nodes.filter((each) => each.operator === operator))("$name", async (each) => {
    const [inputs, tensors] = [inputsOfNode(each), outputsOfNode(each)];
    // Once with the inputs fed, and once known before, so that the node is folded where it can be.
    for (const isKnown of [false, true]) {
      const { results, foretold } = await runApplied(modelOfNode(each), { inputs, tensors, isKnown });
      each.outputs.forEach((expected, place) => {
        const { type, shape, values } = results.get(`y${place}`)!;
        const told = foretold.get(`y${place}`)!;
        expect({ type: told.type, shape: told.shape }).toEqual({ type, shape });
        expect({ type, shape }).toEqual({ type: expected.type, shape: expected.shape });
        expect(farther(values, expected), isKnown ? "known before" : "fed").toEqual([]);
      });
    }
  });
});

/** The places at which values differ too much. */
function farther(values: readonly number[], { type, values: expected }: StoredTensor) {
  expect(values).toHaveLength(expected.length);
  const tolerance = type === "float16" ? 1e-3 : 1e-5;
  return expected.flatMap((number, place) => {
    const ours = values[place]!;
    const isSame = Object.is(ours, number) || Math.abs(ours - number) <= tolerance * Math.max(1, Math.abs(number));
    return isSame ? [] : [{ place, ours, expected: number }];
  });
}
