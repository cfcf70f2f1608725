import { OpError } from "../op-error.ts";

/** Volumes of other formats are opened too, so that it is said that they are not read: to pass over them would shrink the data set. */
const volumeEndings = /\.(nii|nii\.gz|hdr|hdr\.gz|img|img\.gz|mgh|mgz|mha|mhd|nhdr|nrrd)$/i;

export function isVolumeName(path: string): boolean {
  return volumeEndings.test(path);
}

/** @throws OpError `image-unsupported` of a volume that is no `.nii` or `.nii.gz` file by its name */
export function requireNiftiName(path: string): void {
  if (/\.nii(\.gz)?$/i.test(path)) return;
  throw new OpError(
    "image-unsupported",
    `${path} is a volume that is not read: it is no .nii or .nii.gz file.`,
    "Convert it, a pair of .hdr and .img files too, or move it away.",
  );
}

/** A file's name without its folders and the ending of a volume. */
export function volumeName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(volumeEndings, "");
}

/**
 * What stands for a file's patient.
 * @param outside how many folders lie around those of patients
 * @throws OpError `patient-folder-missing`
 */
export function niftiPatient(path: string, by: "file" | "folder", outside: number): string {
  if (by === "file") return volumeName(path);
  const folder = path.split("/").slice(outside, -1)[0];
  if (folder !== undefined) return folder;
  throw new OpError(
    "patient-folder-missing",
    `${path} lies in no folder that could stand for a patient.`,
    "Leave out `patient: folder`, or move the file into a folder of its patient.",
  );
}
