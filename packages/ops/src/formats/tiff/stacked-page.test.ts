import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fileWindow } from "../../images/window/window.ts";
import { readImageFile } from "../read-image-file.ts";
import { openTiff } from "./open-tiff.ts";

interface Encoded {
  readonly name: string;
  readonly base64: string;
}

const fixture = new URL("../../../../../tests/ops/reference/tiff-stacks.json", import.meta.url);
const { stacks, others } = JSON.parse(readFileSync(fixture, "utf8")) as {
  /** Of as many images as tifffile finds. */
  readonly stacks: readonly (Encoded & { readonly images: number })[];
  readonly others: readonly (Encoded & { readonly pages: number })[];
};

describe("a stack in one page", () => {
  test.each(stacks)("is no single image: $name", async ({ base64, images }) => {
    const bytes = Buffer.from(base64, "base64");
    const error = {
      code: "image-many-frames",
      message: `scan.tif holds a stack of ${images} images in one page, where one image is expected.`,
    };
    await expect(readImageFile(bytes, "scan.tif", fileWindow)).rejects.toMatchObject(error);
    await expect(openTiff(bytes, "scan.tif")).rejects.toMatchObject(error);
  });

  test.each(others)("is told from $name", async ({ base64, pages }) => {
    const tiff = await openTiff(Buffer.from(base64, "base64"), "scan.tif");
    expect(tiff.pages).toBe(pages);
    expect(await tiff.readPage(pages - 1)).toMatchObject({ width: 6, height: 4 });
  });
});
