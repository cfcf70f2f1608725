import type { ExampleView } from "../../artifacts/example-view.ts";
import { drawsMirror } from "./flip.ts";
import { operationStream } from "./operation-stream.ts";
import type { AugmentationName } from "./operations.ts";

/** The one operation that lets left and right change places. */
export const mirroringOperation = "horizontal_flip" satisfies AugmentationName;

/**
 * Whether left and right have changed places in the view, told without the image. Two flips undo each other; a vertical flip and
 * a rotation are none, though they too move what was on one side.
 */
export function isMirrored(view: ExampleView): boolean {
  const flips = view.recipe.operations.filter(
    (name, place) => name === mirroringOperation && drawsMirror(operationStream(view, place)),
  );
  return flips.length % 2 === 1;
}
