import { expect, it } from "vitest";
import { copyNodes } from "./copy-nodes.ts";
import { createGraphBuilder } from "./graph-builder.ts";
import { add, negate } from "./operators/arithmetic.ts";
import { clip } from "./operators/choices.ts";
import { split } from "./operators/layout.ts";

it("adds nodes once more, over other inputs", () => {
  const graph = createGraphBuilder();
  const [x, other] = [graph.input("x", [4]), graph.input("other", [4])];
  const parts = split(graph.from("a file's node"), x, { axis: 0, lengths: [1, 3] });
  const bounded = clip(graph, add(graph, negate(graph, parts[0]!), x), { most: graph.scalar(1) });
  const nodes = [...graph.nodes];
  const again = copyNodes(graph, nodes, new Map([["x", other]]));

  expect(again.nodes.map(({ operator, origin }) => [operator, origin])).toEqual([
    ["Split", "a file's node"],
    ["Neg", null],
    ["Add", null],
    ["Clip", null],
  ]);
  expect(again.nodes.map(({ inputs }) => inputs.map((input) => input?.name ?? null))).toEqual([
    ["other", "integers:1,3"],
    ["Split:4"],
    ["Neg:5", "other"],
    ["Add:6", null, "float:1"],
  ]);
  expect(again.of(bounded)).toEqual({ ...bounded, name: "Clip:7" });
  expect(again.of(parts[1]!).shape).toEqual([3]);
  expect(again.of(x)).toBe(other);
  expect(again.of(graph.scalar(1)).name).toBe("float:1");
});
