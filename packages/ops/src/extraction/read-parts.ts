import type { BackboneModel, OutputTensor } from "../artifacts/backbone.ts";
import { OpError } from "../op-error.ts";
import { rowWidth } from "../rows.ts";
import type { FloatTensor } from "../runtime/session.ts";

/**
 * The first `count` rows of a forward pass, each with all the layout's parts one after the other (row-major float32). Means
 * are summed in double precision.
 * @throws OpError `backbone-changed` where a tensor has not the shape that the backbone's artifact says
 */
export function readParts(
  { outputs, layout }: Pick<BackboneModel, "outputs" | "layout">,
  tensors: ReadonlyMap<string, FloatTensor>,
  count: number,
): Float32Array {
  const width = rowWidth(layout);
  const rows = new Float32Array(count * width);
  let offset = 0;
  for (const [index, output] of outputs.entries()) {
    const partWidth = layout.parts[index]?.width ?? 0;
    const tensor = requireTensor(tensors.get(output.tensor), output, { width: partWidth, count });
    for (let row = 0; row < count; row++) {
      const start = row * width + offset;
      reduceRow(tensor, output, row, rows.subarray(start, start + partWidth));
    }
    offset += partWidth;
  }
  return rows;
}

/** Writes one row's vector to `target`. */
function reduceRow({ data, dims }: FloatTensor, output: OutputTensor, row: number, target: Float32Array): void {
  const size = dims.slice(1).reduce((product, length) => product * length, 1);
  const values = data.subarray(row * size, (row + 1) * size);
  const width = target.length;
  switch (output.reduce) {
    case "none":
    case "class-token":
      target.set(values.subarray(0, width));
      return;
    case "patch-mean": {
      const first = output.prefixTokens * width;
      const count = (size - first) / width;
      for (let column = 0; column < width; column++) {
        let sum = 0;
        for (let place = first + column; place < size; place += width) sum += values[place] ?? NaN;
        target[column] = sum / count;
      }
      return;
    }
    case "spatial-mean": {
      const area = size / width;
      for (let channel = 0; channel < width; channel++) {
        let sum = 0;
        for (let place = channel * area; place < (channel + 1) * area; place++) sum += values[place] ?? NaN;
        target[channel] = sum / area;
      }
      return;
    }
    default:
      output.reduce satisfies never;
  }
}

/** The number of axes that a reduction takes, and the one that is the row's width. */
const axesOf = {
  none: { rank: 2, width: 1 },
  "class-token": { rank: 3, width: 2 },
  "patch-mean": { rank: 3, width: 2 },
  "spatial-mean": { rank: 4, width: 1 },
} as const;

function requireTensor(
  tensor: FloatTensor | undefined,
  output: OutputTensor,
  { width, count }: { readonly width: number; readonly count: number },
): FloatTensor {
  const axes = axesOf[output.reduce];
  const [rows = 0] = tensor?.dims ?? [];
  if (tensor?.dims.length === axes.rank && tensor.dims[axes.width] === width && rows >= count) return tensor;
  throw new OpError(
    "backbone-changed",
    `The tensor "${output.tensor}" should give ${String(count)} rows of ${String(width)} numbers, but has the shape [${tensor?.dims.join(", ") ?? ""}].`,
    "The model's features must not change their size from image to image; run again if the file was replaced meanwhile.",
  );
}
