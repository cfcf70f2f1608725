import { describe, expect, it } from "vitest";
import { randomOf } from "../differentiate/gradient-testing/random.ts";
import { createGraphBuilder, type GraphNode, type GraphTensor } from "../graph-builder.ts";
import { bytesOf } from "../tensor-bytes.ts";
import { chooseSegments } from "./choose-segments.ts";

/** Nodes of which each takes the one before it and some take one further back, of drawn sizes. */
function drawNodes(seed: number, count: number): readonly GraphNode[] {
  const graph = createGraphBuilder();
  const { integer } = randomOf(seed);
  const tensors = [graph.input("x", [1])];
  for (let at = 0; at < count; at += 1) {
    const before = tensors.at(-1)!;
    const other = integer(0, 3) === 0 ? tensors[integer(0, at)]! : before;
    tensors.push(graph.node({ operator: "Add", inputs: [before, other], shape: [integer(1, 20)] }));
  }
  return graph.nodes;
}

/** Nodes one after the other that give so many floats each. */
function chainOf(sizes: readonly number[], operatorAt: (at: number) => string = () => "Relu"): readonly GraphNode[] {
  const graph = createGraphBuilder();
  sizes.reduce<GraphTensor>(
    (x, size, at) => graph.node({ operator: operatorAt(at), inputs: [x], shape: [size] }),
    graph.input("x", [1]),
  );
  return graph.nodes;
}

function cutsOf(nodes: readonly GraphNode[], share: number): readonly number[] {
  let end = 0;
  const ends = chooseSegments(nodes, share).map((segment) => (end += segment.nodes.length));
  return ends.slice(0, -1);
}

/** What crosses one of the cuts or more, and the largest segment, bytes. */
function bytesNeeded(nodes: readonly GraphNode[], cuts: readonly number[]): number {
  const given = nodes.map(({ outputs }) => bytesOf(outputs[0]!));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const segments = [0, ...cuts].map((start, place) => sum(given.slice(start, cuts[place])));
  const crossing = nodes.map(({ outputs }, made) => {
    const last = nodes.findLastIndex(({ inputs }) => inputs.some((input) => input?.name === outputs[0]?.name));
    return cuts.some((cut) => cut > made && cut <= last) ? given[made]! : 0;
  });
  return Math.max(...segments) + sum(crossing);
}

const drawn = Array.from({ length: 40 }, (_, seed) => drawNodes(7919 * (seed + 1), 9));

describe("chooseSegments", () => {
  it("cuts all nodes, in their order, and keeps the last segment alone", () => {
    for (const nodes of drawn) {
      for (const share of [0, 0.3, 0.6, 0.9, 1]) {
        const segments = chooseSegments(nodes, share);
        expect(segments.flatMap((segment) => segment.nodes)).toEqual(nodes);
        expect(segments.every((segment) => segment.nodes.length > 0)).toBe(true);
        expect(segments.map(({ isKept }) => isKept)).toEqual(segments.map((_, place) => place === segments.length - 1));
      }
    }
    expect(chooseSegments([], 0.5)).toEqual([{ nodes: [], isKept: true }]);
  });

  it("cuts nothing where all may be kept", () => {
    for (const nodes of drawn) expect(chooseSegments(nodes, 1)).toHaveLength(1);
  });

  it("needs no more than the share, or little more than the least that any cuts need", () => {
    for (const nodes of drawn) {
      const all = bytesNeeded(nodes, []);
      const sets = Array.from({ length: 2 ** (nodes.length - 1) }, (_, bits) =>
        nodes.flatMap((_node, at) => (at > 0 && (bits >> (at - 1)) % 2 === 1 ? [at] : [])),
      );
      const least = Math.min(...sets.map((cuts) => bytesNeeded(nodes, cuts)));
      for (const share of [0, 0.2, 0.4, 0.6, 0.8]) {
        const needed = bytesNeeded(nodes, cutsOf(nodes, share));
        expect(needed).toBeGreaterThanOrEqual(least);
        if (needed > share * all) expect(needed).toBeLessThan(1.5 * least);
      }
    }
  });

  it("cuts a chain of equal nodes as seldom as it has to", () => {
    const chain = chainOf(Array<number>(100).fill(5));
    // Two segments need half of all and what crosses one cut; ten need a tenth and what crosses nine.
    expect(cutsOf(chain, 0.55)).toHaveLength(1);
    expect(bytesNeeded(chain, cutsOf(chain, 0.3))).toBeLessThanOrEqual(0.3 * 2000);
    expect(cutsOf(chain, 0.3).length).toBeLessThan(cutsOf(chain, 0.2).length);
    expect(bytesNeeded(chain, cutsOf(chain, 0))).toBeLessThanOrEqual(0.21 * 2000);
  });

  it("cuts where little crosses", () => {
    const narrow = [9, 19, 29, 39];
    const chain = chainOf(Array.from({ length: 50 }, (_, at) => (at % 10 === 9 ? 2 : 40)));
    for (const share of [0.25, 0.4, 0.6, 0.9]) {
      const cuts = cutsOf(chain, share);
      expect(cuts.length).toBeGreaterThan(0);
      expect(cuts.every((cut) => narrow.includes(cut - 1))).toBe(true);
    }
  });

  it("takes a tensor under another shape for no tensor of its own", () => {
    const chain = chainOf(Array<number>(40).fill(5), (at) => (at % 2 === 1 ? "Reshape" : "Relu"));
    const plain = chainOf(Array<number>(20).fill(5));
    for (const share of [0.3, 0.5, 0.7]) expect(cutsOf(chain, share)).toHaveLength(cutsOf(plain, share).length);
  });
});
