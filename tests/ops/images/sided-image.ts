import type { PlanarImage } from "../../../packages/ops/src/images/planar-image.ts";

const side = 24;

/** A square that is bright on its left (0) or right (1) half. */
export function brightOn(half: 0 | 1): PlanarImage {
  const plane = Uint8Array.from({ length: side ** 2 }, (_, pixel) =>
    pixel % side < side / 2 === (half === 0) ? 190 : 60,
  );
  return { width: side, height: side, highest: 255, planes: [plane] };
}

/** The half that is bright in what became of such an image. */
export function brightSide({ width, planes: [plane] }: PlanarImage): 0 | 1 {
  return plane![0]! > plane![width - 1]! ? 0 : 1;
}
