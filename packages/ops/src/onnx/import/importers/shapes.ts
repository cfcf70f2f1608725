import { floatAttribute, floatsAttribute, fromStart, integerAttribute, integersAttribute } from "../../attributes.ts";
import type { GraphTensor } from "../../graph-builder.ts";
import { expandTo } from "../../operators/layout.ts";
import { elementCount } from "../../shapes.ts";
import { constantOf } from "../initializers.ts";
import { inputAt, integersAt, ofOne, valuesAt, type ImportCall, type NamedImporter } from "../importer.ts";

/** What exporters work sizes out with: known before anything runs. */
export const shapeImporters: readonly NamedImporter[] = [
  [
    "Shape",
    ofOne((call, x) => {
      const rank = x.shape.length;
      const bound = (name: string, otherwise: number): number =>
        Math.min(rank, Math.max(0, fromStart(integerAttribute(call, name, otherwise), rank)));
      return call.graph.integers(x.shape.map(Number).slice(bound("start", 0), bound("end", rank)));
    }),
  ],
  ["Size", ofOne(({ graph }, { shape }) => graph.integers(Number(elementCount(shape))))],
  ["Constant", (call) => [importConstant(call)]],
  ["ConstantOfShape", (call) => [importConstantOfShape(call)]],
  ["Range", (call) => [importRange(call)]],
];

function importConstant(call: ImportCall): GraphTensor {
  const { graph, attributes } = call;
  const value = attributes["value"];
  if (value !== undefined && "tensor" in value) return constantOf(graph, value.tensor);
  const [ints, floats] = [integersAttribute(call, "value_ints"), floatsAttribute(call, "value_floats")];
  if (ints !== null) return graph.integers(ints);
  if (floats !== null) return graph.floats(floats);
  if (attributes["value_int"] !== undefined) return graph.integers(integerAttribute(call, "value_int", 0));
  if (attributes["value_float"] !== undefined) return graph.scalar(floatAttribute(call, "value_float", 0));
  throw new Error("its value is neither numbers nor a tensor of them");
}

function importConstantOfShape(call: ImportCall): GraphTensor {
  const { graph, attributes } = call;
  const value = attributes["value"];
  const shape: readonly number[] = [];
  const zero = graph.constant([0], { type: "float32", shape });
  const one = value !== undefined && "tensor" in value ? constantOf(graph, { ...value.tensor, dims: shape }) : zero;
  return expandTo(graph, one, integersAt(call, 0));
}

function importRange(call: ImportCall): GraphTensor {
  const [start, limit, step] = [0, 1, 2].map((place) => valuesAt(call, place)[0]!);
  const count = Math.max(0, Math.ceil((limit! - start!) / step!));
  const values = Array.from({ length: count }, (_, at) => start! + at * step!);
  return call.graph.constant(values, { type: inputAt(call, 0).type, shape: [count] });
}
