import { readFileSync } from "node:fs";
import { hashedValues } from "./hashed-weights.ts";

/** What `fused_nodes.py` wrote: one node, and what it gives. */
export interface FusedNode {
  readonly operator: string;
  readonly domain: string;
  readonly name: string;
  /** Null: left out. */
  readonly inputs: readonly (NodeValues | null)[];
  readonly attributes: Readonly<Record<string, FusedNodeAttribute>>;
  /** The names of its outputs, empty where one is left out. */
  readonly outputs: readonly string[];
  /** Of the outputs that are named. */
  readonly results: readonly Omit<NodeValues, "type">[];
}

/** Row-major. */
export interface NodeValues {
  readonly type: "float32" | "bool";
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export type FusedNodeAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly string: string };

interface WrittenNode extends Omit<FusedNode, "inputs"> {
  /** Floats are drawn. */
  readonly inputs: readonly ({ readonly shape: readonly number[]; readonly bool?: readonly number[] } | null)[];
}

export function readFusedNodes(): readonly FusedNode[] {
  const text = readFileSync(new URL("fused_nodes.json", import.meta.url), "utf8");
  return (JSON.parse(text) as readonly WrittenNode[]).map((node) => ({
    ...node,
    inputs: node.inputs.map((input, place) => {
      if (input === null) return null;
      const { shape, bool } = input;
      if (bool !== undefined) return { type: "bool", shape, values: bool };
      const count = shape.reduce((product, size) => product * size, 1);
      const drawn = hashedValues(`${node.operator}: ${node.name} ${place}`, count);
      return { type: "float32", shape, values: Array.from(drawn, (value) => Math.fround(2 * value)) };
    }),
  }));
}
