import { expect, it } from "vitest";
import { pruneNodes } from "./prune-nodes.ts";

it("keeps what outputs depend on, also through the graph inside a node", () => {
  const inside = { node: [{ input: ["own", "outer"], output: ["sum"] }], output: [{ name: "sum" }] };
  const nodes = [
    { name: "outer", input: ["x"], output: ["outer"] },
    { name: "dead", input: ["outer"], output: ["dead"] },
    { name: "deader", input: ["dead"], output: ["deader"] },
    { name: "loop", input: ["x"], output: ["y", "z"], attribute: [{ name: "body", g: inside }] },
  ];
  expect(pruneNodes(nodes, ["z"]).map(({ name }) => name)).toEqual(["outer", "loop"]);
});

it("does not take a result without a name for an input that is left out", () => {
  const nodes = [
    { name: "normalised", input: ["x"], output: ["unread", "", ""] },
    { name: "bounded", input: ["x", "", "most"], output: ["y"] },
  ];
  expect(pruneNodes(nodes, ["y"]).map(({ name }) => name)).toEqual(["bounded"]);
});
