import { averagePool, globalAveragePool, maxPool } from "../../../operators/pooling.ts";
import type { Drawing } from "../drawing.ts";
import { drawConvolution, withinHalf } from "../drawn-windows.ts";

export const poolDrawings: Readonly<Record<string, Drawing>> = {
  MaxPool: (random) => {
    const { batch, inner, kernel, steps, space } = drawConvolution(random);
    const isCeil = random.integer(0, 1) === 1;
    const halved = steps.map((step, axis) => withinHalf(step, kernel[axis]!));
    return {
      shapes: [[batch, inner, ...space]],
      build: (graph, [x]) => maxPool(graph, x!, { kernel, steps: halved, isCeil }),
    };
  },
  AveragePool: (random) => {
    const { batch, inner, kernel, steps, space } = drawConvolution(random);
    const [isCeil, countsPadding] = [random.integer(0, 1) === 1, random.integer(0, 1) === 1];
    const plain = steps.map((step, axis) => ({ ...withinHalf(step, kernel[axis]!), dilation: 1 }));
    return {
      shapes: [[batch, inner, ...space]],
      build: (graph, [x]) => averagePool(graph, x!, { kernel, steps: plain, isCeil, countsPadding }),
    };
  },
  GlobalAveragePool: (random) => ({
    shapes: [[random.integer(1, 2), random.integer(1, 3), ...random.shape(random.integer(1, 2))]],
    build: (graph, [x]) => globalAveragePool(graph, x!),
  }),
};
