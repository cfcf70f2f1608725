import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";

export interface RealImages {
  /** The folder of real weights and images. */
  readonly material: string;
  /** Where the data set goes. */
  readonly folder: string;
  /** In pixels, of both sides. */
  readonly side: number;
  readonly count: number;
}

/**
 * Real MRI slices, grey, as PNG files of the given size: so many in one class of the training split, and one in each other, so that a
 * head can be asked for. @returns the files of the large class
 */
export async function writeRealImages({ material, folder, side, count }: RealImages): Promise<readonly string[]> {
  const source = join(material, "brain-tumor-mri", "Training");
  const originals = readdirSync(source).flatMap((name) =>
    readdirSync(join(source, name)).map((file) => join(source, name, file)),
  );
  for (const name of ["train/scan", "train/other", "test/scan", "test/other"])
    mkdirSync(join(folder, name), { recursive: true });
  const files: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const original = originals[index % originals.length] ?? "";
    const image = sharp(original).resize(side, side, { fit: "fill" }).greyscale();
    // A data set with fewer originals than images is filled up with turned ones: other bytes, the same work.
    const turned = image.rotate(90 * Math.floor(index / originals.length));
    const file = join(folder, "train/scan", `${String(index)}.png`);
    await turned.png().toFile(file);
    files.push(file);
  }
  for (const [index, name] of ["train/other", "test/scan", "test/other"].entries()) {
    await sharp(originals[index] ?? "")
      .resize(side, side, { fit: "fill" })
      .negate()
      .png()
      .toFile(join(folder, name, "one.png"));
  }
  return files;
}
