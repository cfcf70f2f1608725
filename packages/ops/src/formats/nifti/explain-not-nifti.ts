import type { OpError } from "../../op-error.ts";
import { damagedNifti, unsupportedNifti } from "./nifti-errors.ts";
import { beginsWith, viewOf } from "./nifti-signature.ts";

/**
 * Why bytes without a NIfTI signature are refused: by the format's name where it is one that is often met.
 * @param start the first bytes of the file, unpacked
 */
export function explainNotNifti(start: Uint8Array, name: string): OpError {
  if (start.length === 0) return damagedNifti(name, "it is empty");
  if (beginsWith(start, 348)) {
    return start.length < analyzeLength
      ? damagedNifti(name, "it ends inside its header")
      : unsupportedNifti(
          name,
          "it is an Analyze 7.5 header, or lost the mark of NIfTI-1; such a header does not say which side is left",
          convertAnalyze,
        );
  }
  if (beginsWith(start, 540)) {
    return damagedNifti(name, "it begins as NIfTI-2, but the mark of that format is missing or garbled");
  }
  if (isMgh(start)) return unsupportedNifti(name, "it is a FreeSurfer volume (MGH)", convertMgh);
  return damagedNifti(name, "it is no NIfTI file", "Name a .nii or .nii.gz file.");
}

const analyzeLength = 348;
const convertAnalyze = "Convert it to NIfTI where the orientation is known, e.g. by the program that wrote it.";
const convertMgh = "Convert it to NIfTI: `mri_convert volume.mgz volume.nii.gz`.";

/** Big-endian throughout: version 1, four sides, then one of the known types of voxel. */
function isMgh(start: Uint8Array): boolean {
  if (start.length < 24) return false;
  const view = viewOf(start);
  const sides = [4, 8, 12, 16].map((at) => view.getInt32(at, false));
  const type = view.getInt32(20, false);
  return view.getInt32(0, false) === 1 && sides.every((side) => side > 0) && type >= 0 && type <= 10;
}
