import type { AttributeValue, GraphScope, GraphTensor } from "../../../graph-builder.ts";
import type { Shape } from "../../../shapes.ts";
import type { Build } from "../gradient-graph.ts";

/** By operator and by the case's name in `gradient_rules.py`: our nodes for what PyTorch was asked there. */
export type TorchCases = Readonly<Record<string, Readonly<Record<string, Build>>>>;

/** A function of one input. */
export function alone(build: (graph: GraphScope, x: GraphTensor) => GraphTensor): Build {
  return (graph, [x]) => build(graph, x!);
}

/** A function of two inputs. */
export function ofTwo(build: (graph: GraphScope, a: GraphTensor, b: GraphTensor) => GraphTensor): Build {
  return (graph, [a, b]) => build(graph, a!, b!);
}

/** An operator as files hold it and our functions of operators do not write it, with the shape of its first input. */
export function plain(operator: string, attributes: Readonly<Record<string, AttributeValue>> = {}): Build {
  return (graph, inputs) => graph.node({ operator, inputs, attributes, shape: inputs[0]!.shape });
}

/** The same with lists of whole numbers behind its input, null for one that is left out, and another shape. */
export function plainOnLists({ operator, lists, shape, attributes = {} }: NodeOnLists): Build {
  return (graph, [x]) => {
    const inputs = [x!, ...lists.map((list) => (list === null ? null : graph.integers(list)))];
    return graph.node({ operator, inputs, attributes, shape });
  };
}

export interface NodeOnLists {
  readonly operator: string;
  readonly lists: readonly (readonly number[] | null)[];
  readonly shape: Shape;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}
