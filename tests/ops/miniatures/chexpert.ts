import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { drawFindings } from "./draw-findings.ts";

export interface ChexpertMiniature {
  readonly patients?: Readonly<Record<Split, number>>;
  /** Of an image's side, in pixels: a multiple of 4. */
  readonly size?: number;
  readonly layout?: ChexpertLayout;
  readonly test?: ChexpertTest;
}

/** The small and the full release, AIMI's batches, a mirror with all at the root, and what the study made of it. */
export type ChexpertLayout = "small" | "full" | "aimi" | "kaggle" | "study";

/** Labels of the test split by image (CheXlocalize, with validation's images once more), by study, or none and no images either. */
export type ChexpertTest = "chexlocalize" | "groundtruth" | "none";

type Split = "train" | "val" | "test";

export interface ChexpertCase {
  /** From `patientNNNNN` on. */
  readonly name: string;
  readonly split: Split;
  /** As in the lists, one for each of `chexpertColumns`. */
  readonly cells: readonly string[];
}

export const chexpertColumns: readonly string[] = [
  ...["No Finding", "Enlarged Cardiomediastinum", "Cardiomegaly", "Lung Opacity", "Lung Lesion", "Edema"],
  ...["Consolidation", "Pneumonia", "Atelectasis", "Pneumothorax", "Pleural Effusion", "Pleural Other"],
  ...["Fracture", "Support Devices"],
];

const somePatients = { train: 24, val: 8, test: 12 };

/** The miniature's images in the order of its lists, where a patient's studies are not in the order of their numbers. */
export function chexpertCases(patients: Readonly<Record<Split, number>> = somePatients): readonly ChexpertCase[] {
  return (["train", "val", "test"] as const).flatMap((split) =>
    Array.from({ length: patients[split] }, (_, index) => {
      const patient = `patient${pad(numberOf(split, index, patients[split]))}`;
      const studies = split === "train" && index % 3 === 1 ? ["study2", "study1"] : ["study1"];
      return studies.flatMap((study, position) => {
        const cells = chexpertColumns.map((_column, column) => cellOf(split, index + position, column));
        const views = index % 4 === 2 ? ["view1_frontal.jpg", "view2_lateral.jpg"] : ["view1_frontal.jpg"];
        return views.map((view) => ({ name: `${patient}/${study}/${view}`, split, cells }));
      });
    }).flat(),
  );
}

/** Patients of train are spread over all of AIMI's batches. */
function numberOf(split: Split, index: number, count: number): number {
  if (split === "train") return 1 + Math.floor((index * 64_539) / Math.max(1, count - 1));
  return (split === "val" ? 64_541 : 64_741) + index;
}

/** Every class has positives and negatives in every split; train's are partly uncertain or blank. */
function cellOf(split: Split, row: number, column: number): string {
  const turn = (row + 3 * column) % 5;
  if (split !== "train") return turn < 2 ? "1.0" : "0.0";
  if (column === 0) return turn < 2 ? "1.0" : "";
  return ["1.0", "0.0", "-1.0", "", "1.0"][turn] ?? "";
}

/** CheXpert in small: lists as they are released and a JPEG of each row. */
export async function writeChexpertMiniature(root: string, options: ChexpertMiniature = {}): Promise<void> {
  const { patients, size = 32, layout = "small", test = "chexlocalize" } = options;
  const cases = chexpertCases(patients);
  const { lists, prefix, place } = layouts[layout];
  const rowsOf = (split: Split): readonly ChexpertCase[] => cases.filter((each) => each.split === split);
  await write(join(root, lists, "train.csv"), listText(rowsOf("train"), `${prefix}train/`));
  const valName = layout === "study" ? "val.csv" : "valid.csv";
  await write(join(root, lists, valName), listText(rowsOf("val"), `${prefix}valid/`));
  await writeImages(root, rowsOf("train").concat(rowsOf("val")), { size, place });
  if (test === "none") return;
  await writeImages(root, rowsOf("test"), { size, place: layout === "study" ? place : cheXlocalize });
  if (test === "groundtruth") await write(join(root, "labels/groundtruth.csv"), studyText(rowsOf("test")));
  else if (layout === "study") await write(join(root, "test.csv"), listText(rowsOf("test"), "test/"));
  else {
    await write(join(root, "CheXpert/test_labels.csv"), listText(rowsOf("test"), "test/"));
    await write(join(root, "CheXpert/val_labels.csv"), listText(rowsOf("val"), "CheXpert-v1.0/valid/"));
    await writeImages(root, rowsOf("val"), { size: size + 8, place: cheXlocalize });
  }
}

interface Layout {
  /** The folder of train.csv and valid.csv. */
  readonly lists: string;
  /** What stands before `train/` in their paths. */
  readonly prefix: string;
  readonly place: (image: ChexpertCase) => string;
}

const aimi = "chexpertchestxrays-u20210408/CheXpert-v1.0 batch";

const layouts: Readonly<Record<ChexpertLayout, Layout>> = {
  small: releaseIn("CheXpert-v1.0-small"),
  full: releaseIn("CheXpert-v1.0"),
  aimi: {
    ...{ lists: `${aimi} 1 (validate & csv)`, prefix: "CheXpert-v1.0/" },
    place: ({ name, split }) => {
      if (split === "val") return `${aimi} 1 (validate & csv)/valid/${name}`;
      const number = Number(name.slice(7, 12));
      const batch = number < 21_514 ? 2 : number < 43_018 ? 3 : 4;
      return `${aimi} ${batch} (train ${batch - 1})/${name}`;
    },
  },
  kaggle: {
    ...{ lists: "", prefix: "CheXpert-v1.0-small/" },
    place: ({ name, split }) => `${split === "val" ? "valid" : split}/${name}`,
  },
  study: { lists: "", prefix: "CheXpert-v1.0/", place: ({ name, split }) => `${split}/${name}` },
};

function releaseIn(folder: string): Layout {
  return {
    ...{ lists: folder, prefix: `${folder}/` },
    place: ({ name, split }) => `${folder}/${split === "val" ? "valid" : split}/${name}`,
  };
}

function cheXlocalize({ name, split }: ChexpertCase): string {
  return `CheXpert/${split}/${name}`;
}

function listText(rows: readonly ChexpertCase[], prefix: string): string {
  const header = ["Path", "Sex", "Age", "Frontal/Lateral", "AP/PA", ...chexpertColumns].join(",");
  const lines = rows.map(({ name, cells }, index) => {
    const view = name.includes("lateral") ? "Lateral," : `Frontal,${["AP", "PA", "AP", "LL"][index % 4] ?? ""}`;
    const sex = index === 5 ? "Unknown" : index % 2 === 0 ? "Female" : "Male";
    return `${prefix}${name},${sex},${index === 7 ? 0 : 30 + (index % 60)},${view},${cells.join(",")}`;
  });
  return `${[header, ...lines].join("\n")}\n`;
}

/** One row a study, in whole numbers, without a last line end. */
function studyText(rows: readonly ChexpertCase[]): string {
  const studies = new Map(rows.map(({ name, cells }) => [name.slice(0, name.lastIndexOf("/")), cells]));
  const lines = [...studies].map(
    ([study, cells]) => `CheXpert-v1.0/test/${study},${cells.map((cell) => cell.slice(0, 1)).join(",")}`,
  );
  return [["Study", ...chexpertColumns].join(","), ...lines].join("\n");
}

interface ImageOptions {
  readonly size: number;
  readonly place: Layout["place"];
}

async function writeImages(root: string, rows: readonly ChexpertCase[], { size, place }: ImageOptions): Promise<void> {
  for (const [index, each] of rows.entries()) {
    const shown = each.cells.flatMap((cell, column) => (cell === "1.0" ? [column] : []));
    const seed = index + Number(each.name.slice(7, 12)) * 16;
    const pixels = drawFindings(shown, { size, seed });
    const jpeg = await sharp(pixels, { raw: { width: size, height: size, channels: 1 } })
      .toColourspace("b-w")
      .jpeg({ quality: 95 })
      .toBuffer();
    await write(join(root, place(each)), jpeg);
  }
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

function pad(number: number): string {
  return String(number).padStart(5, "0");
}
