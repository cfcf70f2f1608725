import { describe, expect, test } from "vitest";
import { countDistinct } from "./inspect-counts.ts";
import { nihPatient, type NihRow } from "./nih-labels.ts";
import { publishedNih } from "./nih-published.ts";
import { nihSplits, readNihList, type NihVal } from "./nih-splits.ts";

/** As many images of as many patients as NIH's lists name, with patients' numbers below and from the study's cut on. */
const trainNames = namesOf(patientsIn(1, 25_513, 24_455), 76_522);
const valNames = namesOf(patientsIn(25_513, 30_806, 3553), 10_002);
const testNames = namesOf(patientsIn(40_000, 45_000, 2797), 25_596);
const lists = {
  trainVal: listOf("train_val_list.txt", [...trainNames, ...valNames]),
  test: listOf("test_list.txt", testNames),
};
const rows = [...testNames, ...trainNames, ...valNames].map((name, line): NihRow => ({ name, line, labels: 0 }));

describe("nihSplits at full size", () => {
  test("takes the last 10,002 images of NIH's list for the study's validation, and no patient twice", () => {
    const splits = splitsFor("baharoon2023");
    const { images, patients } = publishedNih("baharoon2023", false);
    expect({ ...countsOf(splits), all: rows.length }).toEqual(images);
    expect(patientsOf(splits)).toEqual(patients);
    const names = new Set(rows.filter((_, row) => splits[row] === "val").map(({ name }) => name));
    expect([...lists.trainVal.lines.keys()].slice(-10_002).every((name) => names.has(name))).toBe(true);
  });

  test("takes one patient in eight of NIH's list, and none", () => {
    const splits = splitsFor("patients");
    expect(patientsOf(splits)).toEqual({ train: 24_507, val: 3501, test: 2797, all: 30_805 });
    const { images } = publishedNih("patients", false);
    expect(countsOf(splits)).toMatchObject({ test: images.test });
    expect(countsOf(splitsFor("none"))).toEqual({ train: 86_524, val: 0, test: 25_596 });
  });
});

describe("publishedNih", () => {
  test("has the label counts of the whole set, whatever is validation", () => {
    const whole = {
      ...{ Atelectasis: 11_559, Cardiomegaly: 2776, Consolidation: 4667, Edema: 2303, Effusion: 13_317 },
      ...{ Emphysema: 2516, Fibrosis: 1686, Hernia: 227, Infiltration: 19_894, Mass: 5782, "No Finding": 60_361 },
      ...{ Nodule: 6331, Pleural_Thickening: 3385, Pneumonia: 1431, Pneumothorax: 5302 },
    };
    for (const val of ["baharoon2023", "patients", "none"] as const) {
      const { classes, positives = {} } = publishedNih(val, true);
      expect(classes).toBe(15);
      expect(Object.fromEntries(Object.entries(positives).map(([name, { all }]) => [name, all]))).toEqual(whole);
    }
    const { classes, positives = {} } = publishedNih("none", false);
    expect([classes, Object.keys(positives).length, "No Finding" in positives]).toEqual([14, 14, false]);
    expect(positives["Hernia"]).toEqual({ train: 141, val: 0, test: 86, all: 227 });
  });
});

describe("readNihList", () => {
  test("numbers lines as an editor does, with any line ends", () => {
    const bytes = new TextEncoder().encode("00000001_000.png\r\n\r\n 00000001_001.png");
    expect([...readNihList("/somewhere/test_list.txt", bytes).lines]).toEqual([
      ["00000001_000.png", 1],
      ["00000001_001.png", 3],
    ]);
  });

  test("refuses what is no text without repeating all of it", () => {
    const bytes = new Uint8Array(100_000).fill(0xff);
    expect(() => readNihList("list.txt", bytes)).toThrow(/^list.txt line 1 is no image's name: "ÿ{40}"\.$/);
  });
});

function splitsFor(val: NihVal): ReturnType<typeof nihSplits> {
  const onProblem = (problem: Error): never => {
    throw problem;
  };
  return nihSplits(rows, lists, { val, onProblem });
}

function countsOf(splits: readonly string[]): Readonly<Record<string, number>> {
  const count = (name: string): number => splits.filter((split) => split === name).length;
  return { train: count("train"), val: count("val"), test: count("test") };
}

function patientsOf(splits: ReturnType<typeof nihSplits>): ReturnType<typeof countDistinct> {
  return countDistinct(
    rows.map(({ name }) => String(nihPatient(name))),
    splits,
  );
}

/** So many numbers, the first and the last of the range among them. */
function patientsIn(from: number, to: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => from + Math.floor((index * (to - 1 - from)) / (count - 1)));
}

/** As many images as that, each patient with one at least, in the order of names. */
function namesOf(patients: readonly number[], images: number): readonly string[] {
  return patients.flatMap((patient, index) => {
    const count = Math.floor(((index + 1) * images) / patients.length) - Math.floor((index * images) / patients.length);
    return Array.from(
      { length: count },
      (_, image) => `${String(patient).padStart(8, "0")}_${String(image).padStart(3, "0")}.png`,
    );
  });
}

function listOf(file: string, names: readonly string[]): ReturnType<typeof readNihList> {
  return readNihList(file, new TextEncoder().encode(names.join("\n")));
}
