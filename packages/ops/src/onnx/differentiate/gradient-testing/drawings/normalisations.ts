import {
  batchNormalization,
  frozenBatchNormalization,
  groupNormalization,
  instanceNormalization,
  layerNormalization,
} from "../../../operators/normalisation.ts";

import type { Drawing } from "../drawing.ts";

export const normalisationDrawings: Readonly<Record<string, Drawing>> = {
  LayerNormalization: (random) => {
    const shape = [...random.shape(random.integer(1, 3)), random.integer(2, 5)];
    const last = shape.at(-1)!;
    return {
      shapes: [shape, [last], [last]],
      build: (graph, [x, weight, bias]) =>
        layerNormalization(graph, x!, { weight: weight!, bias: bias!, epsilon: 2 ** -10 }),
    };
  },
  InstanceNormalization: (random) => {
    const [batch, channels] = [random.integer(1, 2), random.integer(1, 3)];
    return {
      shapes: [[batch, channels, ...[2, 3].slice(0, random.integer(1, 2))], [channels], [channels]],
      build: (graph, [x, scale, bias]) =>
        instanceNormalization(graph, x!, { scale: scale!, bias: bias!, epsilon: 2 ** -10 }),
    };
  },
  GroupNormalization: (random) => {
    const [batch, groups, channels] = [random.integer(1, 2), random.integer(1, 2), random.integer(2, 3)];
    return {
      shapes: [[batch, groups * channels, ...[2, 3].slice(0, random.integer(1, 2))], [groups], [groups]],
      build: (graph, [x, scale, bias]) =>
        groupNormalization(graph, x!, { scale: scale!, bias: bias!, epsilon: 2 ** -10, groups }),
    };
  },
  BatchNormalization: (random) => {
    const channels = random.integer(1, 3);
    const space = [2, 3].slice(0, random.integer(0, 2));
    const isTraining = random.integer(0, 1) === 1;
    return {
      shapes: [[random.integer(2, 3), channels, ...space], [channels], [channels]],
      build: (graph, [x, scale, bias]) => {
        const type = x!.type === "float64" ? "float64" : "float32";
        const [mean, variance] = [0.25, 1.5].map((value) =>
          graph.floats(
            Array.from({ length: channels }, (_, channel) => value + channel / 4),
            type,
          ),
        );
        const weights = { scale: scale!, bias: bias!, mean: mean!, variance: variance!, epsilon: 2 ** -10 };
        if (!isTraining) return frozenBatchNormalization(graph, x!, weights);
        return batchNormalization(graph, x!, weights).normalised;
      },
    };
  },
};
