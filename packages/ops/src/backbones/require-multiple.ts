import { OpError } from "../op-error.ts";

/** @throws OpError `image-size-not-patches` where an image cannot be cut into whole patches */
export function requireMultiple(imageSize: number, patchSize: number): void {
  if (imageSize % patchSize === 0) return;
  const below = Math.floor(imageSize / patchSize) * patchSize;
  throw new OpError(
    "image-size-not-patches",
    `An image of ${String(imageSize)} pixels cannot be cut into patches of ${String(patchSize)}.`,
    `Write image_size: ${String(below === 0 ? patchSize : below)} or ${String(below + patchSize)}.`,
  );
}
