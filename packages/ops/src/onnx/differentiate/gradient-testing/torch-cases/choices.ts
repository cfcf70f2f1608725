import { maximum, minimum } from "../../../operators/arithmetic.ts";
import { clip, greater, where } from "../../../operators/choices.ts";
import { zeroLike } from "../drawing.ts";
import type { Build } from "../gradient-graph.ts";
import { ofTwo, type TorchCases } from "./build.ts";

export const choiceCases: TorchCases = {
  Where: { alike: whereFirstIsPositive, "all broadcast": whereFirstIsPositive },
  Clip: {
    "between bounds, at them": clipped(-1, 1),
    "from below alone": clipped(-1, null),
    "from above alone": clipped(null, 1),
    "bounds that are equal": clipped(-1, -1),
    "as relu6, at its kinks": clipped(0, 6),
  },
  Max: extreme(ofTwo(maximum)),
  Min: extreme(ofTwo(minimum)),
};

function whereFirstIsPositive(...[graph, inputs]: Parameters<Build>): ReturnType<Build> {
  const [a, then, otherwise] = [inputs[0]!, inputs[1]!, inputs[2]!];
  return where(graph, greater(graph, a, zeroLike(graph, a)), { then, otherwise });
}

function clipped(least: number | null, most: number | null): Build {
  return (graph, inputs) => {
    const x = inputs[0]!;
    const type = x.type === "float64" ? "float64" : "float32";
    const [low, high] = [least, most].map((bound) => (bound === null ? null : graph.scalar(bound, type)));
    return clip(graph, x, { least: low ?? null, most: high ?? null });
  };
}

function extreme(build: Build): Readonly<Record<string, Build>> {
  return { drawn: build, ties: build, "ties, both broadcast": build };
}
