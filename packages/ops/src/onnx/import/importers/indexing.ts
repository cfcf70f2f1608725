import { axisOf, integerAttribute } from "../../attributes.ts";
import { gather, gatherElements } from "../../operators/indexing.ts";
import { inputAt, ofOne, type NamedImporter } from "../importer.ts";

export const indexingImporters: readonly NamedImporter[] = [
  ["Gather", ofOne((call, x) => gather(call.graph, x, { indices: inputAt(call, 1), axis: axisOf(call, x, 0) }))],
  [
    "GatherElements",
    ofOne((call, x) => gatherElements(call.graph, x, { indices: inputAt(call, 1), axis: axisOf(call, x, 0) })),
  ],
  [
    "ScatterElements",
    ofOne(({ graph, inputs, attributes }, x) =>
      graph.node({ operator: "ScatterElements", inputs, attributes, shape: x.shape }),
    ),
  ],
  [
    "ScatterND",
    ofOne(({ graph, inputs, attributes }, x) =>
      graph.node({ operator: "ScatterND", inputs, attributes, shape: x.shape }),
    ),
  ],
  [
    "GatherND",
    ofOne((call, x) => {
      const indices = inputAt(call, 1);
      const shared = integerAttribute(call, "batch_dims", 0);
      const depth = Number(indices.shape.at(-1));
      const shape = [...indices.shape.slice(0, -1), ...x.shape.slice(shared + depth)];
      return call.graph.node({ operator: "GatherND", inputs: call.inputs, attributes: call.attributes, shape });
    }),
  ],
  ["ArgMax", ofOne((call, x) => extremePlace(call, x, "ArgMax"))],
  ["ArgMin", ofOne((call, x) => extremePlace(call, x, "ArgMin"))],
  [
    "OneHot",
    ofOne((call, indices) => {
      const { graph, inputs, attributes } = call;
      const depth = graph.integersOf(inputAt(call, 1))?.[0];
      if (
        depth === undefined ||
        axisOf(call, { ...indices, shape: [...indices.shape, depth] }, -1) !== indices.shape.length
      ) {
        throw new Error("its depth is not known, or it does not come last");
      }
      const shape = [...indices.shape, depth];
      return graph.node({ operator: "OneHot", inputs, attributes, shape, type: inputAt(call, 2).type });
    }),
  ],
  [
    "Trilu",
    ofOne(({ graph, inputs, attributes }, x) => graph.node({ operator: "Trilu", inputs, attributes, shape: x.shape })),
  ],
  [
    "CumSum",
    ofOne(({ graph, inputs, attributes }, x) => graph.node({ operator: "CumSum", inputs, attributes, shape: x.shape })),
  ],
];

function extremePlace(
  call: Parameters<Parameters<typeof ofOne>[0]>[0],
  x: Parameters<Parameters<typeof ofOne>[0]>[1],
  operator: string,
) {
  const axis = axisOf(call, x, 0);
  const keeps = integerAttribute(call, "keepdims", 1) === 1;
  const shape = x.shape.flatMap((size, each) => (each === axis ? (keeps ? [1] : []) : [size]));
  return call.graph.node({ operator, inputs: [x], attributes: call.attributes, shape, type: "int64" });
}
