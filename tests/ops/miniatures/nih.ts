import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { drawFindings } from "./draw-findings.ts";

export interface NihMiniature {
  /** How many of each part; those of validation are numbered as the study's, from 25513 on. */
  readonly patients?: { readonly train: number; readonly val: number; readonly test: number };
  /** Of an image's side, in pixels: a multiple of 4. */
  readonly size?: number;
  readonly layout?: NihLayout;
  readonly release?: NihRelease;
}

/** NIH's own with all images in one folder, and mirrors; `study` is where the study's scripts move the images. */
export type NihLayout = "box" | "kaggle" | "kaggle-224" | "hugging-face" | "google" | "study";

/** Of the CSV: today's, the same with `Patient Sex` and a last comma, 2017's first, Kaggle's, one without spaces in its names. */
export type NihRelease = "v2020" | "v2020-sex" | "2017" | "kaggle" | "re-saved";

export interface NihCase {
  readonly name: string;
  readonly patient: number;
  readonly part: "train" | "val" | "test";
  /** As in the CSV, joined by `|`. */
  readonly labels: string;
}

const findings = [
  ...["Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Effusion", "Emphysema", "Fibrosis", "Hernia"],
  ...["Infiltration", "Mass", "Nodule", "Pleural_Thickening", "Pneumonia", "Pneumothorax"],
];

const someNih = { train: 30, val: 15, test: 15 };

/**
 * The miniature's images in the order of the CSV, where a patient's are not in the order of their names. From 15 patients on a part has
 * every label.
 */
export function nihCases(patients: NihMiniature["patients"] = someNih): readonly NihCase[] {
  return (["train", "val", "test"] as const).flatMap((part) =>
    Array.from({ length: patients[part] }, (_, index) => {
      const patient = { train: 1 + 2 * index, val: 25_513 + index, test: 2 + 2 * index }[part];
      return Array.from({ length: 1 + (index % 3) }, (_, image) => {
        const first = findings[(index + image) % (findings.length + 1)];
        const second = findings[(3 * index + 5) % findings.length];
        const both = index % 2 === 0 && first !== second ? [first, second] : [first];
        const labels = first === undefined ? "No Finding" : both.join("|");
        return { name: `${pad(patient, 8)}_${pad(image, 3)}.png`, patient, part, labels };
      }).reverse();
    }).flat(),
  );
}

/** NIH ChestX-ray14 in small: the CSV, both lists (without a last line end, as NIH's) and an image of each row, some of them RGBA. */
export async function writeNihMiniature(root: string, options: NihMiniature = {}): Promise<void> {
  const { patients, size = 32, layout = "box", release = "v2020" } = options;
  const cases = nihCases(patients);
  const places = layouts[layout];
  const listOf = (isListed: (part: NihCase["part"]) => boolean): string =>
    cases
      .filter(({ part }) => isListed(part))
      .map(({ name }) => name)
      .sort()
      .join("\n");
  await write(join(root, places.labels), csvText(cases, release));
  await write(
    join(root, places.trainVal),
    listOf((part) => part !== "test"),
  );
  await write(
    join(root, places.test),
    listOf((part) => part === "test"),
  );
  const sorted = cases.map(({ name }) => name).sort();
  for (const [index, each] of cases.entries()) {
    const archive = 1 + Math.floor((12 * sorted.indexOf(each.name)) / cases.length);
    await write(join(root, places.image(each, archive)), await encode(each, { size, isRgba: index % 7 === 3 }));
  }
}

interface Places {
  readonly labels: string;
  readonly trainVal: string;
  readonly test: string;
  /** @param archive the number of NIH's archive, from 1 */
  readonly image: (image: NihCase, archive: number) => string;
}

const lists = { labels: "Data_Entry_2017_v2020.csv", trainVal: "train_val_list.txt", test: "test_list.txt" };

const layouts: Readonly<Record<NihLayout, Places>> = {
  box: {
    ...{ labels: `CXR8/${lists.labels}`, trainVal: `CXR8/${lists.trainVal}`, test: `CXR8/${lists.test}` },
    image: ({ name }) => `CXR8/images/images/${name}`,
  },
  kaggle: {
    ...{ ...lists, labels: "Data_Entry_2017.csv" },
    image: ({ name }, archive) => `images_${pad(archive, 3)}/images/${name}`,
  },
  "kaggle-224": {
    ...{ labels: "Data_Entry_2017.csv", trainVal: "train_val_list_NIH.txt", test: "test_list_NIH.txt" },
    image: ({ name }) => `images-224/images-224/${name}`,
  },
  "hugging-face": {
    ...{ labels: `data/${lists.labels}`, trainVal: `data/${lists.trainVal}`, test: `data/${lists.test}` },
    image: ({ name }, archive) => `data/images/images_${pad(archive, 3)}/images/${name}`,
  },
  google: { ...lists, image: ({ name }) => `png/${name}` },
  study: { ...lists, image: ({ name, part }) => `${part}/${name}` },
};

const widthAndSpacing = "OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y]";
const spaced = "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position";

interface ReleaseText {
  readonly header: string;
  readonly age: (years: number) => string;
  readonly end: string;
}

const releases: Readonly<Record<NihRelease, ReleaseText>> = {
  v2020: { header: `${spaced},${widthAndSpacing}`, age: String, end: "" },
  "v2020-sex": { header: `${spaced.replace("Gender", "Sex")},${widthAndSpacing},`, age: String, end: "," },
  "2017": { header: `${spaced},${widthAndSpacing},`, age: (years) => `${pad(years, 3)}Y`, end: "," },
  kaggle: { header: `${spaced},${widthAndSpacing},`, age: String, end: "," },
  "re-saved": { header: `${spaced.replaceAll(" ", "")},${widthAndSpacing}`, age: String, end: "" },
};

function csvText(cases: readonly NihCase[], release: NihRelease): string {
  const { header, age, end } = releases[release];
  const rows = cases.map(({ name, labels, patient }, index) => {
    // The count of visits is not the number of the image's name.
    const who = `${index % 5},${patient},${age(20 + (patient % 60))},${patient % 2 === 0 ? "F" : "M"}`;
    return `${name},${labels},${who},${index % 3 === 0 ? "AP" : "PA"},2682,2749,0.14300000000000002,0.14300000000000002${end}`;
  });
  return `${[header, ...rows].join("\n")}\n`;
}

async function encode(
  { name, labels }: NihCase,
  { size, isRgba }: { readonly size: number; readonly isRgba: boolean },
): Promise<Uint8Array> {
  const shown = labels.split("|").flatMap((label) => (findings.includes(label) ? [findings.indexOf(label)] : []));
  const grey = drawFindings(shown, { size, seed: Number(name.slice(0, 8)) * 1000 + Number(name.slice(9, 12)) });
  if (!isRgba) return toPng(grey, { size, channels: 1 });
  return toPng(Uint8Array.from([...grey].flatMap((value) => [value, value, value, 255])), { size, channels: 4 });
}

function toPng(
  pixels: Uint8Array,
  { size, channels }: { readonly size: number; readonly channels: 1 | 4 },
): Promise<Uint8Array> {
  const image = sharp(pixels, { raw: { width: size, height: size, channels } });
  return (channels === 1 ? image.toColourspace("b-w") : image).png().toBuffer();
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

function pad(number: number, length: number): string {
  return String(number).padStart(length, "0");
}
