import { join } from "node:path";
import { OpError } from "../op-error.ts";
import { openHdf5 } from "../formats/hdf5/open-hdf5.ts";
import { readSourceFile } from "./file-images.ts";
import { describeRoot, walkFolders } from "./walk-folders.ts";

export interface TumorFile {
  /** `<n>.mat`, n from 1 to 3064. */
  readonly number: number;
  readonly name: string;
  /** Relative to the root. */
  readonly locator: string;
}

/** What a file says of itself besides its image. */
export interface TumorRecord {
  /** 0 meningioma, 1 glioma, 2 pituitary. */
  readonly label: 0 | 1 | 2;
  readonly patient: string;
}

/** The archive's own folder, and one for each of its four parts. */
const depth = 2;

/**
 * The numbered files, by number, whatever their folders are called; `cvind.mat` is none of them. Of two with the same number the
 * first is kept, and both are reported.
 * @throws OpError `dataset-layout` where there is none
 */
export async function findTumorFiles(
  root: string,
  onProblem: (problem: OpError) => void,
): Promise<readonly TumorFile[]> {
  const walked = await walkFolders(root, { depth, takes: (name) => numbered.test(name) });
  const byNumber = new Map<number, TumorFile>();
  for (const { folder, taken } of walked) {
    for (const name of taken) {
      const number = Number(numbered.exec(name)?.[1]);
      const file = { number, name, locator: folder === "" ? name : `${folder}/${name}` };
      const earlier = byNumber.get(number);
      if (earlier === undefined) byNumber.set(number, file);
      else onProblem(twiceThere(earlier, file));
    }
  }
  if (byNumber.size === 0) {
    throw new OpError(
      "dataset-layout",
      `No files 1.mat to 3064.mat below ${root}, which holds ${describeRoot(walked)}.`,
      "Unpack the four archives brainTumorDataPublic_*.zip; their files may lie in folders or all together.",
    );
  }
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
}

/** Without leading zeros, so that a name stands for one number and a number for one name. */
const numbered = /^([1-9]\d{0,5})\.mat$/;

/**
 * Label and patient of one file. Its image is left packed: of the original files that takes some 1.5 ms each.
 * @throws OpError `tumor-record` where the file says neither, and those of reading HDF5
 */
export async function readTumorRecord(root: string, { name, locator }: TumorFile): Promise<TumorRecord> {
  const file = await openHdf5(await readSourceFile({ name, path: join(root, locator) }), name);
  const { data } = await file.readNumbers("cjdata/label");
  const label = data.length === 1 ? labels.get(Number(data[0])) : undefined;
  if (label === undefined) throw badRecord(name, "cjdata/label is not 1, 2 or 3");
  const patient = await file.readText("cjdata/PID");
  if (patient.replaceAll("\0", "").trim() === "")
    throw badRecord(name, "cjdata/PID is empty, so that no patient is known");
  return { label, patient };
}

const labels: ReadonlyMap<number, TumorRecord["label"]> = new Map([
  [1, 0],
  [2, 1],
  [3, 2],
]);

function badRecord(name: string, problem: string): OpError {
  return new OpError("tumor-record", `${name} cannot be used: its ${problem}.`, "Fetch the archive again.");
}

function twiceThere(earlier: TumorFile, file: TumorFile): OpError {
  return new OpError(
    "image-twice",
    `${file.name} lies both at ${earlier.locator} and at ${file.locator}.`,
    "Name the folder of one copy as `root`.",
  );
}
