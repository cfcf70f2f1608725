import type { Device } from "../runtime/device.ts";

/**
 * Pixels of all images of a pass. With more it is slower, most likely as what one layer hands to the next outgrows a core's share of
 * the cache: of 224 px, a ViT-S/14 passes 31 images a second two at a time and 27 by fours (two cores of Zen 5).
 */
const cpuPixels = 2 * 224 ** 2;
/** A card computes the images of a pass side by side; where they do not fit into its memory, the runner halves them. */
const cardPixels = 32 * 448 ** 2;

const mostImages = { cpu: 4, card: 32 } as const;

/**
 * Images per forward pass where a program does not say: as many as keep the device busy, fewer of large ones, whose activations grow
 * with their pixels (and the scores of global attention with their square). Two at least, see `createRowExtractor`.
 */
export function chooseBatch(device: Device, imageSize: number): number {
  const isCpu = device === "cpu";
  const images = Math.floor((isCpu ? cpuPixels : cardPixels) / imageSize ** 2);
  return Math.max(2, Math.min(images, isCpu ? mostImages.cpu : mostImages.card));
}
