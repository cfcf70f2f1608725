import { openNifti } from "../open-nifti.ts";
import { refusalOf } from "./refusal-of.ts";
import { writeNifti, type WrittenNifti } from "./write-nifti.ts";

export const bothVersions = [1, 2] as const;

/** A small file with nothing wrong, for tests that change it. */
export const soundNifti = {
  shape: [4, 5, 3],
  datatype: 4,
  values: Int16Array.from({ length: 60 }, (_, index) => index * 37),
  sform: {
    code: 1,
    rows: [
      [-2, 0, 0, 5],
      [0, 2, 0, 6],
      [0, 0, 3, 7],
    ],
  },
} satisfies WrittenNifti;

/** No rotation. */
export const soundQform = { code: 1, quatern: [0, 0, 0], offset: [0, 0, 0] };

/** Code and message of the refusal, "none" where there is none. Throws where they repeat a text of the header. */
export async function refusalText(bytes: Uint8Array): Promise<string> {
  const error = await refusalOf(openNifti(bytes, "head.nii"));
  if (error === null) return "none";
  const told = `${error.code}: ${error.message} ${String(error.hint)}`;
  if (told.includes("PATIENT")) throw new Error(`A text of the header got out: ${told}`);
  return told;
}

/** The refusal of a sound file with changes, which is the same in both byte orders. */
export async function refusalOfChanged(change: Partial<WrittenNifti>): Promise<string> {
  const [little, big] = await Promise.all(
    [true, false].map((isLittleEndian) => refusalText(writeNifti({ ...soundNifti, isLittleEndian, ...change }))),
  );
  return little === big ? little! : `unlike: ${String(little)} / ${String(big)}`;
}
