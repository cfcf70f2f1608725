import type { SplitName } from "@exp-lab/dsl";
import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { OpError } from "../op-error.ts";
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

const imageEndings = /\.(png|jpe?g)$/i;
/** Images that are not read: to pass over them in silence would shrink the data set. */
const otherImageEndings = /\.(bmp|dcm|dicom|gif|heic|nii|nii\.gz|npy|pgm|ppm|tiff?|webp)$/i;

/**
 * The images of `root/SPLIT/CLASS/*.{png,jpg,jpeg}`, sorted by relative name (code units). Hidden files and files that are
 * no images are passed over, as are folders of the root that stand for no split.
 * @throws OpError naming the folder: missing root or splits, a class without images, an image in an unread format or
 *   in the wrong place
 */
export async function listImageFolder(root: string, splitFolders: SplitFolders): Promise<readonly FolderImage[]> {
  const images: FolderImage[] = [];
  for (const { split, folder } of await findSplitFolders(root, splitFolders)) {
    const { folders, files } = await readFolder(root, folder);
    refuseMisplaced(files.filter(isImage), `lies beside the class folders of ${folder}`);
    if (folders.length === 0)
      throw new OpError("class-folders-missing", `The folder ${folder} has no class folders.`, layout);
    for (const className of folders) {
      const classFolder = `${folder}/${className}`;
      const names = await listClassFolder(root, classFolder);
      images.push(...names.map((name) => ({ name, path: join(root, name), split, className })));
    }
  }
  return images.sort((a, b) => compareCodeUnits(a.name, b.name));
}

const layout = "Images are expected as SPLIT/CLASS/NAME.png (or .jpg, .jpeg) below the root.";

async function findSplitFolders(
  root: string,
  splitFolders: SplitFolders,
): Promise<readonly { readonly split: SplitName; readonly folder: string }[]> {
  const { folders, files } = await readFolder(root, ".");
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
    `No split folder in ${root}: found ${there.length === 0 ? "an empty folder" : listed(there)}, expected some of ${wanted}.`,
    `${layout} Folders of other names are declared by \`train\`, \`val\` and \`test\`.`,
  );
}

async function listClassFolder(root: string, classFolder: string): Promise<readonly string[]> {
  const { folders, files } = await readFolder(root, classFolder);
  if (folders.length > 0) {
    throw new OpError(
      "class-folder-nested",
      `The class folder ${classFolder} holds folders: ${listed(folders)}.`,
      layout,
    );
  }
  const unread = files.filter((name) => otherImageEndings.test(name));
  if (unread.length > 0) {
    throw new OpError(
      "image-unsupported",
      `The class folder ${classFolder} holds images that are not read: ${listed(unread)}.`,
      "Convert them to PNG (8- or 16-bit) or JPEG, or move them away.",
    );
  }
  const images = files.filter(isImage);
  if (images.length === 0) {
    throw new OpError("class-folder-empty", `The class folder ${classFolder} holds no PNG or JPEG image.`, layout);
  }
  return images.map((name) => `${classFolder}/${name}`);
}

function refuseMisplaced(files: readonly string[], where: string): void {
  if (files.length === 0) return;
  throw new OpError("image-misplaced", `${listed(files)} ${where}, so that no class is known.`, layout);
}

interface FolderContents {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/** Sorted names of what is visible in a folder; links count as what they lead to. */
async function readFolder(root: string, folder: string): Promise<FolderContents> {
  const path = join(root, folder);
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    const name = folder === "." ? `root folder ${root}` : `folder ${folder}`;
    throw new OpError("folder-unreadable", `The ${name} cannot be read (${errorCode(error)}).`, `Check ${path}.`);
  });
  const folders: string[] = [];
  const files: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith(".") || entry.name === "__MACOSX") continue;
    refuseControlCharacters(folder, entry.name);
    ((await isFolder(path, entry)) ? folders : files).push(entry.name);
  }
  return { folders: folders.sort(compareCodeUnits), files: files.sort(compareCodeUnits) };
}

async function isFolder(path: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  const target = await stat(join(path, entry.name)).catch(() => null);
  if (target !== null) return target.isDirectory();
  throw new OpError("file-missing", `The link ${entry.name} leads nowhere.`, `Mend or remove it in ${path}.`);
}

function refuseControlCharacters(folder: string, name: string): void {
  if (isPrintableName(name)) return;
  throw new OpError(
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
