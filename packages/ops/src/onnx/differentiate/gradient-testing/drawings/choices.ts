import { maximum, minimum } from "../../../operators/arithmetic.ts";
import { clip, greater, where } from "../../../operators/choices.ts";
import { broadcast, unary, zeroLike, type Drawing } from "../drawing.ts";

export const choiceDrawings: Readonly<Record<string, Drawing>> = {
  Max: broadcast(maximum),
  Min: broadcast(minimum),
  Clip: (random) => {
    const which = random.integer(0, 2);
    return unary((graph, x) => {
      const [least, most] = [-0.7, 0.4].map((bound) =>
        graph.scalar(bound, x.type === "float64" ? "float64" : "float32"),
      );
      return clip(graph, x, { ...(which < 2 ? { least: least! } : {}), ...(which > 0 ? { most: most! } : {}) });
    })(random);
  },
  Where: ({ shape, integer, fraction }) => {
    const whole = shape(integer(1, 3));
    const part = (): readonly number[] => whole.map((size) => (fraction() < 0.4 ? 1 : size));
    return {
      shapes: [part(), part(), part()],
      build: (graph, [a, b, c]) => where(graph, greater(graph, a!, zeroLike(graph, a!)), { then: b!, otherwise: c! }),
    };
  },
};
