import type { DatasetDescription } from "./dataset-description.ts";
import { countOf } from "../count-of.ts";
import { OpError } from "../op-error.ts";
import { compareCodeUnits } from "./class-names.ts";
import { everyNth, splitByPlace, type SplitRule } from "./evenly-spaced.ts";
import type { ListedImage, ListedImages } from "./listed-images.ts";
import { describePartial } from "./partial-set.ts";
import { describeRoot, walkFolders, type WalkedFolder } from "./walk-folders.ts";

/** One of the two sets of chest X-rays with and without tuberculosis of the National Library of Medicine (NLM). */
export interface NlmSet {
  /** What its publisher calls it, for messages. */
  readonly title: string;
  /** How its files begin: `MCUCXR_0001_0.png` is image 1, normal. */
  readonly prefix: string;
  readonly published: { readonly patients: number };
  /** The number that stands for an image's patient. */
  readonly patientOf: (image: number) => number;
}

export const nlmClasses = ["normal", "tuberculosis"] as const;

/** Nobody has published a split: one patient in five of each class is tested on, one in five of the rest validated on. */
const rule: SplitRule = { test: everyNth(5), val: everyNth(5) };
export const nlmSplits =
  "by rule: of each class, in the order of numbers, every 5th patient is test, every 5th of the rest val";

/** Both sets are described in one paper, which their terms ask to be cited. */
export const nlmTerms = {
  modality: "chest X-ray",
  task: "normal or tuberculosis, binary",
  licence: "no named licence: cite, credit the National Library of Medicine, do not pass on",
  citation:
    "Jaeger S, Candemir S, Antani S, Wang YXJ, Lu PX, Thoma G. Two public chest X-ray datasets for computer-aided screening of pulmonary diseases. Quant Imaging Med Surg 4(6):475-477 (2014), doi 10.3978/j.issn.2223-4292.2014.11.20",
  splits: nlmSplits,
} as const satisfies Partial<DatasetDescription>;

/** How far below the root the images lie at most: `Montgomery-County-CXR-Set/MontgomerySet/CXR_png`. */
const depth = 3;

/** Folders with images; masks have the images' own names, so that not every folder will do. */
const imageFolders: ReadonlySet<string> = new Set(["", "CXR_png", "images"]);

/**
 * The images of a set in the order of their numbers, wherever below the root their folder lies. A file of the other set beside
 * them is passed over: a common copy holds both.
 * @throws OpError naming what is missing, or stands there twice
 */
export async function listNlmImages(
  root: string,
  set: NlmSet,
  onProblem: (problem: OpError) => void,
): Promise<ListedImages> {
  const walked = await walkFolders(root, { depth, takes: (name) => /\.png$/i.test(name) });
  const folder = findFolder(root, set, walked);
  reportStrangers(folder, set, onProblem);
  const files = readNames(folder, set, onProblem);
  const splits = splitPatients(files);
  return {
    problem: "binary",
    classNames: nlmClasses,
    labels: { width: 1, values: Int32Array.from(files, ({ label }) => label) },
    images: files.map(({ name, patient }): ListedImage => {
      const locator = folder.folder === "" ? name : `${folder.folder}/${name}`;
      return { name, locator, split: splits.get(patient)!, patient: `${set.prefix} ${String(patient)}` };
    }),
    notes: describePartial({ found: splits.size, published: set.published.patients, unit: "patients" }),
  };
}

interface NlmFile {
  readonly name: string;
  readonly number: number;
  readonly label: 0 | 1;
  readonly patient: number;
}

function parseName(name: string, { prefix, patientOf }: NlmSet): NlmFile | null {
  const [, start, digits, label] = /^([A-Z]+)_(\d{1,6})_([01])\.png$/.exec(name) ?? [];
  if (start !== prefix || digits === undefined) return null;
  const number = Number(digits);
  return { name, number, label: label === "1" ? 1 : 0, patient: patientOf(number) };
}

function findFolder(root: string, set: NlmSet, walked: readonly WalkedFolder[]): WalkedFolder {
  const example = `${set.prefix}_0001_0.png`;
  const found = walked.filter(({ folder, taken }) => {
    const isOfImages = imageFolders.has(folder.slice(folder.lastIndexOf("/") + 1));
    return isOfImages && taken.some((name) => parseName(name, set) !== null);
  });
  const [first] = found;
  if (first === undefined) {
    throw new OpError(
      "dataset-layout",
      `No images of the ${set.title} below ${root}, which holds ${describeRoot(walked)}.`,
      `They are called like ${example} and lie in a folder CXR_png or images, ${String(depth)} folders down at most, or in the root.`,
    );
  }
  if (found.length === 1) return first;
  const places = found.map(({ folder }) => (folder === "" ? "the root itself" : folder));
  throw new OpError(
    "dataset-layout",
    `Images of the ${set.title} lie in several folders of ${root}: ${places.join(", ")}.`,
    "Name the folder of one copy as `root`.",
  );
}

const ofEitherSet = /^(MCUCXR|CHNCXR)_\d{1,6}_[01]\.png$/;

/** A picture of another name has no label; leaving it out in silence would shrink the set. */
function reportStrangers({ taken }: WalkedFolder, set: NlmSet, onProblem: (problem: OpError) => void): void {
  const strangers = taken.filter((name) => !name.startsWith(".") && !ofEitherSet.test(name));
  const [first] = strangers;
  if (first === undefined) return;
  onProblem(
    new OpError(
      "image-misplaced",
      `${countOf(strangers.length, "PNG file")} beside the images of the ${set.title} not named as they are, e.g. ${JSON.stringify(first)}: no label is known.`,
      `Images are called like ${set.prefix}_0001_0.png, where the last digit is 1 for tuberculosis. Move others away.`,
    ),
  );
}

/** By number. Reports a number that stands there twice, and keeps the first of the two. */
function readNames(folder: WalkedFolder, set: NlmSet, onProblem: (problem: OpError) => void): readonly NlmFile[] {
  const byNumber = new Map<number, NlmFile>();
  for (const name of folder.taken) {
    const file = parseName(name, set);
    if (file === null) continue;
    const earlier = byNumber.get(file.number);
    if (earlier === undefined) byNumber.set(file.number, file);
    else onProblem(twiceThere(earlier, file));
  }
  return [...byNumber.values()].sort((a, b) => a.number - b.number || compareCodeUnits(a.name, b.name));
}

function twiceThere(earlier: NlmFile, file: NlmFile): OpError {
  return new OpError(
    "image-twice",
    `${earlier.name} and ${file.name} have the same number.`,
    "Keep the one that the publisher's download has.",
  );
}

/** By the class of a patient's first image, so that no patient is torn. */
function splitPatients(files: readonly NlmFile[]): ReadonlyMap<number, ListedImage["split"]> {
  const classOf = new Map<number, 0 | 1>();
  for (const { patient, label } of files) if (!classOf.has(patient)) classOf.set(patient, label);
  return new Map(
    ([0, 1] as const).flatMap((label) => {
      const patients = [...classOf.keys()].filter((patient) => classOf.get(patient) === label);
      const splits = splitByPlace(patients.length, rule);
      return patients.map((patient, place) => [patient, splits[place]!] as const);
    }),
  );
}
