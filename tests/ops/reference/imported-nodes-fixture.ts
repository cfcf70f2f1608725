import { readFileSync } from "node:fs";
import { hashedValues } from "./hashed-weights.ts";

/** What `imported_nodes.py` wrote: one node of some operator set, and what it gives. */
export interface ImportedNode {
  readonly operator: string;
  readonly name: string;
  readonly opset: number;
  /** Null: left out. */
  readonly inputs: readonly (NodeInput | null)[];
  readonly attributes: Readonly<Record<string, NodeAttribute>>;
  readonly outputs: readonly StoredTensor[];
}

export type NodeType = "float32" | "float64" | "float16" | "int32" | "int64" | "bool";

/** Row-major. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly type: NodeType;
  readonly values: readonly number[];
}

export interface NodeInput extends StoredTensor {
  /** Whether the model holds it as an initialiser. */
  readonly isConstant: boolean;
}

export type NodeAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly string: string }
  | { readonly tensor: StoredTensor };

interface WrittenTensor {
  readonly shape: readonly number[];
  /** Float32 where it is left out. */
  readonly type?: NodeType;
  /** Where it is left out, they are drawn. */
  readonly values?: readonly number[];
}

interface WrittenNode {
  readonly opset: number;
  readonly inputs: readonly (WrittenInput | null)[];
  readonly attributes?: Readonly<Record<string, WrittenAttribute>>;
  readonly outputs: readonly WrittenTensor[];
}

type WrittenInput = WrittenTensor & {
  readonly constant?: true;
  /** The least and the most of what is drawn. */
  readonly draw?: readonly [number, number];
};

type WrittenAttribute = Exclude<NodeAttribute, { readonly tensor: StoredTensor }> | { readonly tensor: WrittenTensor };

/** JSON has no word for what is infinite or no number, so that these stand there as text. */
export function readImportedNodes(): readonly ImportedNode[] {
  const text = readFileSync(new URL("imported_nodes.json", import.meta.url), "utf8");
  const words: readonly unknown[] = ["Infinity", "-Infinity", "NaN"];
  const cases = JSON.parse(text, (_, value: unknown) => (words.includes(value) ? Number(value) : value)) as Readonly<
    Record<string, Readonly<Record<string, WrittenNode>>>
  >;
  return Object.entries(cases).flatMap(([operator, named]) =>
    Object.entries(named).map(([name, written]) => nodeOf(operator, name, written)),
  );
}

function nodeOf(
  operator: string,
  name: string,
  { opset, inputs, attributes = {}, outputs }: WrittenNode,
): ImportedNode {
  return {
    operator,
    name,
    opset,
    inputs: inputs.map((input, place) => {
      if (input === null) return null;
      return { ...tensorOf(input, `${operator}: ${name} ${place}`), isConstant: input.constant === true };
    }),
    attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, attributeOf(value)])),
    outputs: outputs.map((output) => tensorOf(output, "")),
  };
}

function attributeOf(value: WrittenAttribute): NodeAttribute {
  return "tensor" in value ? { tensor: tensorOf(value.tensor, "") } : value;
}

function tensorOf({ shape, type = "float32", values, draw = [-2, 2] }: Omit<WrittenInput, "constant">, name: string) {
  if (values !== undefined) return { shape, type, values };
  const [least, most] = draw;
  const count = shape.reduce((product, size) => product * size, 1);
  const drawn = Array.from(hashedValues(name, count), (value) => least + ((most - least) * (value + 1)) / 2);
  return { shape, type, values: type.startsWith("float") ? drawn : drawn.map(Math.floor) };
}
