import type { GraphTensor } from "../../graph-builder.ts";
import { multiply } from "../../operators/arithmetic.ts";
import { greater, where } from "../../operators/choices.ts";
import { sumBack } from "../broadcasting.ts";
import { scalarLike } from "../../operators/filling.ts";
import { noGradient } from "../no-gradient.ts";
import { ofOneResult, type GradientRule, type NamedRule, type SimpleCall } from "../gradient-rule.ts";

/** The gradient goes where the value came from. */
export const choiceRules: readonly NamedRule[] = [
  [
    "Where",
    ofOneResult(({ graph, gradient, inputs }) => {
      const [condition, then, otherwise] = [inputs[0]!, inputs[1]!, inputs[2]!];
      const zero = scalarLike(graph, gradient, 0);
      return [
        null,
        () => sumBack(graph, where(graph, condition, { then: gradient, otherwise: zero }), then),
        () => sumBack(graph, where(graph, condition, { then: zero, otherwise: gradient }), otherwise),
      ];
    }),
  ],
  [
    "Clip",
    // At a bound the gradient is 0, as PyTorch has it for `clamp` and for what it exports as Clip: `relu6` and `hardtanh`.
    ofOneResult(({ graph, node, gradient, inputs: [x] }) => [
      () => {
        const zero = scalarLike(graph, gradient, 0);
        const [least, most] = [node.inputs[1] ?? null, node.inputs[2] ?? null];
        const lowered =
          most === null ? gradient : where(graph, greater(graph, most, x!), { then: gradient, otherwise: zero });
        return least === null ? lowered : where(graph, greater(graph, x!, least), { then: lowered, otherwise: zero });
      },
    ]),
  ],
  ["Max", extreme((graph, a, b) => greater(graph, a, b))],
  ["Min", extreme((graph, a, b) => greater(graph, b, a))],
];

/** Equal values share the gradient, as PyTorch has it. */
function extreme(wins: (graph: SimpleCall["graph"], a: GraphTensor, b: GraphTensor) => GraphTensor): GradientRule {
  return ofOneResult(({ graph, node, gradient, inputs }) => {
    if (inputs.length > 2) throw noGradient(node, `its gradient is known for two tensors, not for ${inputs.length}`);
    if (inputs.length === 1) return [() => gradient];
    const [a, b] = [inputs[0]!, inputs[1]!];
    const share = (one: GraphTensor, other: GraphTensor): GraphTensor => {
      const [all, half, none] = [1, 0.5, 0].map((value) => scalarLike(graph, gradient, value));
      const unlessOther = where(graph, wins(graph, other, one), { then: none!, otherwise: half! });
      const factor = where(graph, wins(graph, one, other), { then: all!, otherwise: unlessOther });
      return sumBack(graph, multiply(graph, gradient, factor), one);
    };
    return [() => share(a, b), () => share(b, a)];
  });
}
