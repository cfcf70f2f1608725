import type { ExampleView } from "../../artifacts/example-view.ts";
import type { PlanarImage } from "../planar-image.ts";
import { operationStream } from "./operation-stream.ts";
import { augmentationNames, viewOperations, type ViewOperation } from "./operations.ts";

/** What makes one view, in two steps: `beforeResize`, then `afterResize`. */
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
export function planView(view: ExampleView): ViewPlan {
  const { operations } = view.recipe;
  const steps = operations.map(
    (name, place) => (image: PlanarImage) => operationOf(name)(image, operationStream(view, place)),
  );
  const inTurn = (taken: typeof steps) => (image: PlanarImage) => taken.reduce((result, step) => step(result), image);
  const afterCrop = operations.lastIndexOf("resized_crop") + 1;
  return {
    hasCrop: afterCrop > 0,
    beforeResize: inTurn(steps.slice(0, afterCrop)),
    afterResize: inTurn(steps.slice(afterCrop)),
  };
}

function operationOf(name: string): ViewOperation {
  const known = augmentationNames.find((candidate) => candidate === name);
  if (known === undefined) throw new Error(`No view is made by an operation "${name}".`);
  return viewOperations[known];
}
