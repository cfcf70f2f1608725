import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What NIH ChestX-ray14 has, by its lists of 2020. */
export const nih = {
  images: 112_120,
  testImages: 25_596,
  trainValImages: 86_524,
  patients: 30_805,
  testPatients: 2797,
} as const;

/** Images in each of the twelve archives, over the sorted names. */
const archives = [4999, ...Array.from({ length: 10 }, () => 10_000), 7121];

const findings = [
  ...["Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia", "Pneumothorax"],
  ...["Consolidation", "Edema", "Emphysema", "Fibrosis", "Pleural_Thickening", "Hernia"],
];

/** As the publisher wrote it: the commas within brackets stand without quotation marks. */
const header =
  "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y]";

interface DrawnImage {
  readonly name: string;
  readonly patient: number;
  readonly isTest: boolean;
}

/**
 * A folder laid out as the official download is once it is unpacked: the table, both lists, and twelve folders of images, which
 * are empty files. As many rows, patients and images in each list as the real one; what a row says of its image is drawn.
 */
export function writeNihFolder(folder: string): void {
  const images = drawImages();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "Data_Entry_2017_v2020.csv"), `${[header, ...images.map(rowOf)].join("\n")}\n`);
  // The lists end without a line's end.
  for (const [list, isTest] of [
    ["train_val_list.txt", false],
    ["test_list.txt", true],
  ] as const) {
    const names = images.filter((image) => image.isTest === isTest).map(({ name }) => name);
    writeFileSync(join(folder, list), names.join("\n"));
  }
  let next = 0;
  for (const [index, count] of archives.entries()) {
    const archive = join(folder, `images_${String(index + 1).padStart(3, "0")}`, "images");
    mkdirSync(archive, { recursive: true });
    for (const { name } of images.slice(next, next + count)) closeSync(openSync(join(archive, name), "w"));
    next += count;
  }
}

/** Every eleventh patient is one of the test list until there are enough; each list's images are shared out evenly. */
function drawImages(): readonly DrawnImage[] {
  const shares = {
    test: shareOut(nih.testImages, nih.testPatients),
    trainVal: shareOut(nih.trainValImages, nih.patients - nih.testPatients),
  };
  const taken = { test: 0, trainVal: 0 };
  return Array.from({ length: nih.patients }, (_, index) => index + 1).flatMap((patient) => {
    const list = patient % 11 === 0 && taken.test < nih.testPatients ? "test" : "trainVal";
    const count = shares[list](taken[list]);
    taken[list] += 1;
    return Array.from({ length: count }, (_, image) => ({
      name: `${String(patient).padStart(8, "0")}_${String(image).padStart(3, "0")}.png`,
      patient,
      isTest: list === "test",
    }));
  });
}

/** How many of `total` things the holder of a number gets. */
function shareOut(total: number, holders: number): (holder: number) => number {
  const [each, left] = [Math.floor(total / holders), total % holders];
  return (holder) => each + (holder < left ? 1 : 0);
}

function rowOf({ name, patient }: DrawnImage, row: number): string {
  const image = Number(name.slice(9, 12));
  const [age, sex, view] = [20 + (patient % 60), patient % 2 === 0 ? "F" : "M", row % 5 < 3 ? "PA" : "AP"];
  const size = `${2048 + (row % 9) * 100},${2000 + (row % 7) * 100}`;
  return `${name},${findingsOf(row)},${image},${patient},${age},${sex},${view},${size},0.14300000000000002,0.14300000000000002`;
}

/** More than half of the images have none; the others have one to three. */
function findingsOf(row: number): string {
  if (row % 13 < 7) return "No Finding";
  const count = 1 + (row % 3);
  return Array.from({ length: count }, (_, place) => findings[(row + 5 * place) % findings.length]).join("|");
}
