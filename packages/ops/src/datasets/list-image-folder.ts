import type { SplitName } from "@exp-lab/dsl";
import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { OpError, refuse } from "../op-error.ts";
import { compareCodeUnits } from "./class-names.ts";
import { errorCode } from "./file-images.ts";
import { isPrintableName } from "./printable-name.ts";

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

const imageEndings = /\.(png|jpe?g|tiff?|dcm|dicom|npy|npz)$/i;
/** Images that are not read: to pass over them in silence would shrink the data set. */
const otherImageEndings = /\.(bmp|gif|heic|mha|mhd|nii|nii\.gz|nrrd|pgm|ppm|webp)$/i;

/**
 * The images of `root/SPLIT/CLASS/*.{png,jpg,tif,dcm,npy,npz}`, sorted by relative name (code units). Hidden files and files
 * that are no images are passed over, as are folders of the root that stand for no split.
 * @param onProblem called with what can be passed over where the folder is only looked at; by default it is thrown
 * @throws OpError naming the folder: missing root or splits, a class without images, an image in an unread format or
 *   in the wrong place
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
  const { folders, files } = await readFolder(place, ".");
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
  const images = files.filter(isImage);
  if (images.length === 0) {
    const found = `The class folder ${classFolder} holds no image.`;
    onProblem(new OpError("class-folder-empty", found, layout));
  }
  return images.map((name) => `${classFolder}/${name}`);
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
  const path = join(root, folder);
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    const name = folder === "." ? `root folder ${root}` : `folder ${folder}`;
    throw new OpError("folder-unreadable", `The ${name} cannot be read (${errorCode(error)}).`, `Check ${path}.`);
  });
  const folders: string[] = [];
  const files: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith(".") || entry.name === "__MACOSX") continue;
    if (!isPrintableName(entry.name)) {
      onProblem(unprintableName(folder, entry.name));
      continue;
    }
    const kind = await kindOf(path, entry);
    if (kind === null) onProblem(deadLink(path, entry.name));
    else (kind === "folder" ? folders : files).push(entry.name);
  }
  return { folders: folders.sort(compareCodeUnits), files: files.sort(compareCodeUnits) };
}

/** Null for a link that leads nowhere. */
async function kindOf(path: string, entry: Dirent): Promise<"folder" | "file" | null> {
  const found = entry.isSymbolicLink() ? await stat(join(path, entry.name)).catch(() => null) : entry;
  return found === null ? null : found.isDirectory() ? "folder" : "file";
}

function deadLink(path: string, name: string): OpError {
  return new OpError("file-missing", `The link ${name} leads nowhere.`, `Mend or remove it in ${path}.`);
}

function unprintableName(folder: string, name: string): OpError {
  return new OpError(
    "name-unprintable",
    `A name in ${folder} holds control characters: ${JSON.stringify(name)}.`,
    "Rename it: names are printed in tables and logs.",
  );
}

function isImage(name: string): boolean {
  return imageEndings.test(name);
}

/** The first few names, and how many more there are. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${String(names.length - 5)} more` : shown;
}
