import { writeNlmMiniature } from "./nlm-x-rays.ts";

const numbers = {
  normal: Array.from({ length: 12 }, (_, index) => index + 1),
  tuberculosis: Array.from({ length: 12 }, (_, index) => index + 327),
};

export interface ShenzhenMiniatureOptions {
  /** The folder with the images, below the root. */
  readonly folder?: string;
}

/** A small copy of the Shenzhen Hospital set: palettes, some of a falling ramp, and a few RGB images. */
export async function writeShenzhenMiniature(
  root: string,
  { folder = "ChinaSet_AllFiles/CXR_png" }: ShenzhenMiniatureOptions = {},
): Promise<void> {
  const kinds = ["falling palette", "palette", "palette", "colour"] as const;
  await writeNlmMiniature(root, { folder, masks: null, prefix: "CHNCXR", numbers, kinds });
}
