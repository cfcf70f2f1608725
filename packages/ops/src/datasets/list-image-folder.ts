import type { SplitName } from "@exp-lab/dsl";
import { join } from "node:path";
import { OpError, refuse } from "../op-error.ts";
import { compareCodeUnits } from "./class-names.ts";
import { isHidden, lookAtEntry, readEntries } from "./folder-entries.ts";
import { findUnnamedImages } from "./unnamed-images.ts";

/** One image of a folder of folders. */
export interface FolderImage {
  /** Relative to the root, with `/` between folders. */
  readonly name: string;
  readonly path: string;
  readonly split: SplitName;
  readonly className: string;
}

/** For each split, the folder names that stand for it. */
export type SplitFolders = Readonly<Record<SplitName, readonly string[]>>;

/** JPEG by four endings; `.ima` is DICOM as Siemens' scanners name it. */
const imageEndings = /\.(png|jpg|jpeg|jpe|jfif|tiff?|dcm|dicom|ima|npy|npz)$/i;
/** Images that are not read: to pass over them in silence would shrink the data set. */
const otherImageEndings =
  /\.(avif|bmp|gif|heic|heif|j2c|j2k|jp2|jpc|jpf|jpx|jxl|mgh|mgz|mha|mhd|nhdr|nii|nii\.gz|nrrd|p[bgnp]m|svg|webp)$/i;
/** What often lies beside images, and is not looked into. */
const noImageEndings = /\.(csv|db|html?|ini|json|log|md|pdf|tsv|txt|xml|ya?ml)$/i;

/**
 * The images of `root/SPLIT/CLASS/*.{png,jpg,tif,dcm,npy,npz}`, sorted by relative name (code units). Hidden files and files
 * that are no images by their endings and first bytes are passed over, as are folders of the root that stand for no split.
 * @param onProblem called with what can be passed over where the folder is only looked at; by default it is thrown
 * @throws OpError naming the folder: missing root or splits, a class without images, an image in an unread format,
 *   of another ending or in the wrong place
 */
export async function listImageFolder(
  root: string,
  splitFolders: SplitFolders,
  onProblem: (problem: OpError) => void = refuse,
): Promise<readonly FolderImage[]> {
  const images: FolderImage[] = [];
  const place = { root, onProblem };
  for (const { split, folder } of await findSplitFolders(place, splitFolders)) {
    const { folders, files } = await readFolder(place, folder);
    reportMisplaced(files.filter(isImage), folder, onProblem);
    if (folders.length === 0)
      onProblem(new OpError("class-folders-missing", `The folder ${folder} has no class folders.`, layout));
    for (const className of folders) {
      const classFolder = `${folder}/${className}`;
      const names = await listClassFolder(place, classFolder);
      images.push(...names.map((name) => ({ name, path: join(root, name), split, className })));
    }
  }
  return images.sort((a, b) => compareCodeUnits(a.name, b.name));
}

interface Place {
  readonly root: string;
  readonly onProblem: (problem: OpError) => void;
}

const layout =
  "Images are expected as SPLIT/CLASS/NAME below the root, with an ending of PNG, JPEG, TIFF, DICOM or NumPy files.";

async function findSplitFolders(
  place: Place,
  splitFolders: SplitFolders,
): Promise<readonly { readonly split: SplitName; readonly folder: string }[]> {
  const { folders, files } = await readFolder(place, "");
  const found = (Object.keys(splitFolders) as SplitName[]).flatMap((split) => {
    const matches = splitFolders[split].filter((name) => folders.includes(name));
    if (matches.length > 1) {
      throw new OpError(
        "split-folder-ambiguous",
        `The folders ${matches.join(" and ")} both stand for the split ${split}.`,
        `Say which one is meant, e.g. \`${split}: ["${matches[0] ?? ""}"]\`.`,
      );
    }
    return matches.map((folder) => ({ split, folder }));
  });
  if (found.length > 0) return found;
  const there = [...folders.map((name) => `${name}/`), ...files];
  const wanted = Object.values(splitFolders).flat().join(", ");
  throw new OpError(
    "split-folders-missing",
    `No split folder in ${place.root}: found ${there.length === 0 ? "an empty folder" : listed(there)}, expected some of ${wanted}.`,
    `${layout} Folders of other names are declared by \`train\`, \`val\` and \`test\`.`,
  );
}

async function listClassFolder(place: Place, classFolder: string): Promise<readonly string[]> {
  const { onProblem } = place;
  const { folders, files } = await readFolder(place, classFolder);
  if (folders.length > 0) {
    const found = `The class folder ${classFolder} holds folders: ${listed(folders)}.`;
    onProblem(new OpError("class-folder-nested", found, layout));
  }
  const unread = files.filter((name) => otherImageEndings.test(name));
  if (unread.length > 0) {
    const found = `The class folder ${classFolder} holds images that are not read: ${listed(unread)}.`;
    const advice =
      "Convert them to PNG (8- or 16-bit), TIFF or DICOM, or move them away; volumes are for `nifti_folder`.";
    onProblem(new OpError("image-unsupported", found, advice));
  }
  await reportUnnamed(place, classFolder, files.filter(isUnknown));
  const images = files.filter(isImage);
  if (images.length === 0) {
    const found = `The class folder ${classFolder} holds no image.`;
    onProblem(new OpError("class-folder-empty", found, layout));
  }
  return images.map((name) => `${classFolder}/${name}`);
}

/** What is an image by its first bytes alone. */
async function reportUnnamed(place: Place, classFolder: string, files: readonly string[]): Promise<void> {
  const { unnamed, problems } = await findUnnamedImages(place.root, classFolder, files);
  for (const problem of problems) place.onProblem(problem);
  if (unnamed.length === 0) return;
  const found = `The class folder ${classFolder} holds images without the ending of their format: ${listed(unnamed)}.`;
  const advice =
    "Give them the ending of their format (.png, .jpg, .tif, .dcm, .npy), or move them away; `dicom_folder` reads DICOM files of any name.";
  place.onProblem(new OpError("image-unnamed", found, advice));
}

function reportMisplaced(files: readonly string[], folder: string, onProblem: Place["onProblem"]): void {
  if (files.length === 0) return;
  const found = `${listed(files)} lies beside the class folders of ${folder}, so that no class is known.`;
  onProblem(new OpError("image-misplaced", found, layout));
}

interface FolderContents {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/** Sorted names of what is visible in a folder; links count as what they lead to. */
async function readFolder({ root, onProblem }: Place, folder: string): Promise<FolderContents> {
  const folders: string[] = [];
  const files: string[] = [];
  for (const entry of await readEntries(root, folder)) {
    if (isHidden(entry.name)) continue;
    const kind = await lookAtEntry(root, folder, entry);
    if (kind instanceof OpError) onProblem(kind);
    else (kind === "folder" ? folders : files).push(entry.name);
  }
  return { folders: folders.sort(compareCodeUnits), files: files.sort(compareCodeUnits) };
}

function isImage(name: string): boolean {
  return imageEndings.test(name);
}

function isUnknown(name: string): boolean {
  return ![imageEndings, otherImageEndings, noImageEndings].some((endings) => endings.test(name));
}

/** The first few names, and how many more there are. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${String(names.length - 5)} more` : shown;
}
