import type { ExampleView } from "../../artifacts/examples.ts";
import { randomStream } from "../../runtime/random.ts";
import type { PlanarImage } from "../planar-image.ts";
import { augmentationNames, viewOperations, type ViewOperation } from "./operations.ts";

/** What makes one view, in two steps: `beforeResize` is called once, then `afterResize` once, since both draw from one stream. */
export interface ViewPlan {
  /** Whether a crop has said what is resized: there is no centre crop after the resize then. */
  readonly hasCrop: boolean;
  readonly beforeResize: (image: PlanarImage) => PlanarImage;
  readonly afterResize: (image: PlanarImage) => PlanarImage;
}

/**
 * The plan of a view. Its numbers come from the image's digest (or from what all images of a bag draw by), the recipe and the
 * view's index alone, so that a view has the same pixels in every run and beside whatever other images.
 */
export function planView({ of, drawnBy, index, recipe }: ExampleView): ViewPlan {
  const { operations, seed } = recipe;
  const stream = randomStream(seed, "view", drawnBy ?? of, operations.join(" "), index);
  const afterCrop = operations.lastIndexOf("resized_crop") + 1;
  const inTurn = (names: readonly string[]) => (image: PlanarImage) =>
    names.reduce((result, name) => operationOf(name)(result, stream), image);
  return {
    hasCrop: afterCrop > 0,
    beforeResize: inTurn(operations.slice(0, afterCrop)),
    afterResize: inTurn(operations.slice(afterCrop)),
  };
}

function operationOf(name: string): ViewOperation {
  const known = augmentationNames.find((candidate) => candidate === name);
  if (known === undefined) throw new Error(`No view is made by an operation "${name}".`);
  return viewOperations[known];
}
