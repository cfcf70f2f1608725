import { floatAttribute, floatsAttribute, fromStart, integerAttribute, integersAttribute } from "../../attributes.ts";
import { elementTypeOf } from "../../element-values.ts";
import { elementCount } from "../../shapes.ts";
import { valuesOfTensor } from "../../stored-values.ts";
import { inputAt, integersAt, ofOne, type ImportCall, type NamedImporter } from "../importer.ts";
import type { GraphTensor } from "../../graph-builder.ts";

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
  [
    "ConstantOfShape",
    (call) => {
      const { graph, attributes } = call;
      const shape = integersAt(call, 0);
      const value = attributes["value"];
      const stored = value !== undefined && "tensor" in value ? value.tensor : null;
      const type = stored === null ? "float32" : elementTypeOf(stored.dataType);
      if (type === null) throw new Error("its value is of a type that is not known");
      const [first = 0] = stored === null ? [0] : (valuesOfTensor(stored) ?? []);
      return [
        graph.constant(Array<number>(shape.reduce((product, size) => product * size, 1)).fill(first), { type, shape }),
      ];
    },
  ],
  [
    "Range",
    (call) => {
      const { graph } = call;
      const [start, limit, step] = [0, 1, 2].map((place) => graph.valuesOf(inputAt(call, place))?.[0]);
      if (start === undefined || limit === undefined || step === undefined) throw new Error("its bounds are not known");
      const count = Math.max(0, Math.ceil((limit - start) / step));
      const values = Array.from({ length: count }, (_, at) => start + at * step);
      return [graph.constant(values, { type: inputAt(call, 0).type, shape: [count] })];
    },
  ],
];

function importConstant(call: ImportCall): GraphTensor {
  const { graph, attributes } = call;
  const value = attributes["value"];
  if (value !== undefined && "tensor" in value) {
    const type = elementTypeOf(value.tensor.dataType);
    const values = valuesOfTensor(value.tensor);
    if (type === null || values === null) throw new Error("its value is of a type that is not known");
    return graph.constant(values, { type, shape: (value.tensor.dims ?? []).map(Number) });
  }
  const [ints, floats] = [integersAttribute(call, "value_ints"), floatsAttribute(call, "value_floats")];
  if (ints !== null) return graph.integers(ints);
  if (floats !== null) return graph.floats(floats);
  if (attributes["value_int"] !== undefined) return graph.integers(integerAttribute(call, "value_int", 0));
  if (attributes["value_float"] !== undefined) return graph.scalar(floatAttribute(call, "value_float", 0));
  throw new Error("its value is neither numbers nor a tensor of them");
}
