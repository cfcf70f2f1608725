import { writeNlmMiniature } from "./nlm-x-rays.ts";

/** Among them the images of the two patients who have several. */
const numbers = {
  normal: [1, 2, 3, 5, 6, 8, 11, 15, 17, 19, 20, 24],
  tuberculosis: [104, 108, 113, 117, 126, 140, 150, 162, 166, 170, 182, 188],
} as const;

export interface MontgomeryMiniatureOptions {
  /** The folder with the images, below the root. */
  readonly folder?: string;
  /** Their masks are of the same names. */
  readonly masks?: string | null;
}

/** A small copy of the Montgomery County set: grey PNGs, upright and lying, with readings and lung masks. */
export async function writeMontgomeryMiniature(
  root: string,
  { folder = "MontgomerySet/CXR_png", masks = "MontgomerySet/ManualMask/leftMask" }: MontgomeryMiniatureOptions = {},
): Promise<void> {
  await writeNlmMiniature(root, { folder, masks, prefix: "MCUCXR", numbers, kinds: ["grey"] });
}
