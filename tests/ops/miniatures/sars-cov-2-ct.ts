import { drawSmall } from "./small-drawing.ts";
import { encodeColourPng, writeFileAt } from "./write-file.ts";

export interface SarsMiniatureOptions {
  /** Patients of Covid, Healthy and Others. */
  readonly patients?: readonly [number, number, number];
  /** As the archive has them, within New_Data_CoV2, or themselves. */
  readonly isWrapped?: boolean;
}

/**
 * A small copy of "A COVID multiclass dataset of CT scans": numbered folders of patients, whose names occur in several classes, with
 * 1 to 12 RGB or RGBA slices of different sizes; and what macOS adds to an archive.
 */
export async function writeSarsMiniature(
  root: string,
  { patients = [8, 5, 8], isWrapped = true }: SarsMiniatureOptions = {},
): Promise<void> {
  const base = isWrapped ? "New_Data_CoV2/" : "";
  let seed = 0;
  for (const [label, className] of ["Covid", "Healthy", "Others"].entries()) {
    for (let patient = 1; patient <= patients[label]!; patient++) {
      const folder = `${base}${className}/Patient (${String(patient)})`;
      const slices = 1 + ((patient * 5 + label) % 12);
      for (let slice = 0; slice < slices; slice++) {
        seed++;
        const size = { width: 24 + (seed % 9), height: 20 + (seed % 7) };
        const greys = drawSmall({ ...size, label, seed });
        await writeFileAt(
          root,
          `${folder}/${String(slice)}.png`,
          await encodeColourPng(greys, { ...size, hasAlpha: seed % 2 === 0 }),
        );
      }
      if (patient === 1) await writeFileAt(root, `${folder}/._0.png`, "no image");
    }
  }
  await writeFileAt(root, `${base}.DS_Store`, "no image");
}
