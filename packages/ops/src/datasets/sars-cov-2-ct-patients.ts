import { OpError } from "../op-error.ts";
import { compareNaturally } from "./natural-order.ts";
import { isPrintableName } from "./printable-name.ts";
import { describeRoot, walkFolders, type WalkedFolder } from "./walk-folders.ts";

/** The class folders, in the order in which the study numbers the patients. */
export const patientClasses = ["Covid", "Healthy", "Others"] as const;

export interface CtPatient {
  readonly className: (typeof patientClasses)[number];
  /** Class and patient folder, e.g. `Covid/Patient (7)`: names of patients occur again in other classes. */
  readonly name: string;
  /** The same from the root on. */
  readonly folder: string;
  /** File names, by number. */
  readonly slices: readonly string[];
}

/** New_Data_CoV2, class, patient. */
const depth = 3;

/**
 * The patients of Covid, then of Healthy, then of Others, each by the names of their folders, numbers by value.
 * @throws OpError `dataset-layout` where a class folder is missing
 */
export async function listCtPatients(
  root: string,
  onProblem: (problem: OpError) => void,
): Promise<readonly CtPatient[]> {
  const walked = await walkFolders(root, { depth, takes: (name) => isPrintableName(name) && isImage(name) });
  const base = findBase(root, walked);
  const byFolder = new Map(walked.map((folder) => [folder.folder, folder]));
  return patientClasses.flatMap((className) => {
    const classFolder = byFolder.get(`${base}${className}`)!;
    reportMisplaced(classFolder, onProblem);
    return [...classFolder.folders].sort(compareNaturally).flatMap((patient) => {
      const folder = `${classFolder.folder}/${patient}`;
      const slices = [...(byFolder.get(folder)?.taken ?? [])].sort(compareNaturally);
      if (slices.length > 0) return [{ className, name: `${className}/${patient}`, folder, slices }];
      onProblem(
        new OpError(
          "patient-folder-empty",
          `The patient folder ${folder} holds no PNG slice.`,
          "Unpack the archive again, or remove the folder: the split is made over the patients that are there.",
        ),
      );
      return [];
    });
  });
}

/** What stands before the class folders' names. */
function findBase(root: string, walked: readonly WalkedFolder[]): string {
  const folders = new Set(walked.map(({ folder }) => folder));
  const bases = ["", "New_Data_CoV2/"];
  const whole = bases.filter((base) => patientClasses.every((className) => folders.has(`${base}${className}`)));
  const [base] = whole;
  if (base !== undefined && whole.length === 1) return base;
  const found =
    base === undefined
      ? `No folders Covid, Healthy and Others below ${root}, which holds ${describeRoot(walked)}.`
      : `${root} holds the folders Covid, Healthy and Others twice: themselves, and within New_Data_CoV2.`;
  const isOther = folders.has("COVID") && folders.has("non-COVID");
  throw new OpError("dataset-layout", found, isOther ? otherSet : layout);
}

const layout = "Images are expected as CLASS/PATIENT/NUMBER.png below the root or its folder New_Data_CoV2.";
const otherSet =
  "COVID and non-COVID are the folders of the SARS-COV-2 Ct-Scan Dataset, which names no patients: list it by `csv`.";

/** An image beside the patients' folders belongs to nobody. */
function reportMisplaced({ folder, taken }: WalkedFolder, onProblem: (problem: OpError) => void): void {
  const [first] = taken;
  if (first === undefined) return;
  onProblem(
    new OpError(
      "image-misplaced",
      `${String(taken.length)} images lie in the class folder ${folder} itself, e.g. ${first}, so that no patient is known.`,
      layout,
    ),
  );
}

/** Hidden files, such as those that macOS adds, are none. */
function isImage(name: string): boolean {
  return /\.png$/i.test(name) && !name.startsWith(".");
}
