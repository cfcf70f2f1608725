import type { AttributeValue } from "../graph-builder.ts";
import { attributeTypes, type OnnxAttribute, type OnnxFunction, type OnnxGraph, type OnnxNode } from "../onnx-model.ts";
import { numberOf } from "../read-model.ts";

/** The attributes of a node as our graphs have them. */
export function attributesOf({ attribute = [] }: OnnxNode): Readonly<Record<string, AttributeValue>> {
  return Object.fromEntries(
    attribute.flatMap((each) => {
      const value = valueOf(each);
      return value === null ? [] : [[each.name ?? "", value] as const];
    }),
  );
}

function valueOf({ type, f, i, s, t, g, ints, floats }: OnnxAttribute): AttributeValue | null {
  switch (type) {
    case attributeTypes.float:
      return { float: f ?? 0 };
    case attributeTypes.int:
      return { int: numberOf(i) };
    case attributeTypes.string:
      return { string: new TextDecoder().decode(s) };
    case attributeTypes.tensor:
      return t == null ? null : { tensor: t };
    case attributeTypes.graph:
      return g == null ? null : { graph: g };
    case attributeTypes.floats:
      return { floats: floats ?? [] };
    case attributeTypes.ints:
      return { ints: (ints ?? []).map(numberOf) };
    default:
      return null;
  }
}

/** The node that calls a function, and the function. */
export interface FunctionCall {
  readonly call: OnnxNode;
  readonly called: OnnxFunction;
}

/** A node of a function, whose attributes may be those of the node that calls it, or else the function's defaults. */
export function bindAttributes(node: OnnxNode, functionCall: FunctionCall): OnnxNode {
  const { call, called } = functionCall;
  const given = [...(call.attribute ?? []), ...(called.attributeProto ?? [])];
  const attribute = (node.attribute ?? []).flatMap((each) => {
    if (each.g != null) return [{ ...each, g: bindGraph(each.g, functionCall) }];
    if (each.refAttrName === undefined || each.refAttrName === "") return [each];
    const value = given.find(({ name }) => name === each.refAttrName);
    return value === undefined ? [] : [{ ...value, name: each.name ?? "" }];
  });
  return { ...node, attribute };
}

/** A branch inside the function reads the same attributes. */
function bindGraph(graph: OnnxGraph, functionCall: FunctionCall): OnnxGraph {
  return { ...graph, node: (graph.node ?? []).map((each) => bindAttributes(each, functionCall)) };
}
