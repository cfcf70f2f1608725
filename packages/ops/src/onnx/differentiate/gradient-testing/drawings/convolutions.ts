import { convolution, transposedConvolution } from "../../../operators/convolution.ts";
import type { Drawing } from "../drawing.ts";
import { drawConvolution } from "../drawn-windows.ts";

export const convolutionDrawings: Readonly<Record<string, Drawing>> = {
  Conv: (random) => {
    const drawn = drawConvolution(random);
    const { batch, groups, inner, outer, kernel, steps } = drawn;
    return {
      shapes: [
        [batch, groups * inner, ...drawn.space],
        [groups * outer, inner, ...kernel],
        ...(drawn.hasBias ? [[groups * outer]] : []),
      ],
      build: (graph, [x, weight, bias]) =>
        convolution(graph, x!, { weight: weight!, bias: bias ?? null, steps, groups }),
    };
  },
  ConvTranspose: (random) => {
    const drawn = drawConvolution(random);
    const { batch, groups, inner, outer, kernel, steps } = drawn;
    const extra = steps.map(({ stride }) => random.integer(0, stride - 1));
    return {
      shapes: [
        // Enough for a result that is larger than its padding.
        [batch, groups * inner, ...drawn.space.map((size) => 2 + (size % 3))],
        [groups * inner, outer, ...kernel],
        ...(drawn.hasBias ? [[groups * outer]] : []),
      ],
      build: (graph, [x, weight, bias]) =>
        transposedConvolution(graph, x!, { weight: weight!, bias: bias ?? null, steps, groups, extra }),
    };
  },
};
