import { resize } from "../../../operators/resizing.ts";
import type { Drawing } from "../drawing.ts";

export const resizingDrawings: Readonly<Record<string, Drawing>> = {
  Resize: (random) => {
    const space = [random.integer(2, 5), random.integer(2, 5)];
    const grown = space.map(() => random.integer(2, 9));
    const [batch, channels] = [random.integer(1, 2), random.integer(1, 2)];
    const mode = (["nearest", "linear", "cubic"] as const)[random.integer(0, 2)]!;
    const coordinates =
      mode === "nearest" ? "asymmetric" : (["half_pixel", "align_corners"] as const)[random.integer(0, 1)]!;
    return {
      shapes: [[batch, channels, ...space]],
      build: (graph, [x]) => resize(graph, x!, { sizes: [batch, channels, ...grown], mode, coordinates }),
    };
  },
};
