import type { DatasetConstructor, DatasetDescription } from "@exp-lab/ops";
import { describe, expect, test } from "vitest";
import { createPaint } from "../../4-report/paint.ts";
import { chooseDatasets } from "./choose-datasets.ts";
import { datasetFacts } from "./dataset-facts.ts";
import { datasetList } from "./dataset-list.ts";
import { datasetMarkdown } from "./dataset-markdown.ts";

const chest: DatasetDescription = {
  ...{ title: "Chest-9", modality: "X-ray", task: "9 findings, several per image", images: 112_120, patients: 30_805 },
  ...{ licence: "registration; no redistribution", size: "42 GB", source: "https://example.org/chest" },
  ...{
    citation: "Maker M. Chest-9: films of a hospital | with labels. Journal 1, 2020",
    splits: "the published lists",
  },
};
const cells: DatasetDescription = {
  ...{ title: "CellMade", modality: "microscopy", task: "8 classes", images: 17_092, patients: null, size: "35 MB" },
  ...{
    licence: "CC BY 4.0",
    source: "https://example.org/made",
    citation: "Other O. Made. 2023",
    splits: "in the file",
  },
};
const skin: DatasetDescription = { ...cells, title: "SkinMade", images: null, size: null, licence: "CC BY-NC 4.0" };

const all: readonly DatasetConstructor[] = [
  { name: "chest9", summary: "Films of the chest.", published: [chest], isCompared: true },
  { name: "made", summary: "Files of the collection Made.", published: [cells, skin], isCompared: true },
  { name: "csv", summary: "Images listed in a CSV file.", published: [], isCompared: false },
];

function screen(width: number | null) {
  return { paintOut: createPaint(false), width };
}

describe("datasetList", () => {
  test("has an entry for each constructor, and the formats at the end", () => {
    expect(datasetList(all, screen(null))).toBe(
      [
        "data set   images  patients",
        "chest9    112,120    30,805  X-ray: 9 findings, several per image",
        "                             42 GB; terms: registration; no redistribution",
        "made                         2 data sets, exp datasets made: CellMade, SkinMade",
        "",
        "For data of your own",
        "  csv  Images listed in a CSV file.",
        "",
      ].join("\n"),
    );
  });

  test("stays within the terminal", () => {
    const lines = datasetList(all, screen(60)).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(lines.join(" ").replaceAll(/ +/g, " ")).toContain(
      "several per image 42 GB; terms: registration; no redistribution",
    );
  });
});

describe("datasetFacts", () => {
  test("says all there is to say of one", () => {
    expect(datasetFacts(all[0]!, screen(null))).toBe(
      [
        "chest9",
        "  Films of the chest.",
        "  title       Chest-9",
        "  modality    X-ray",
        "  task        9 findings, several per image",
        "  images      112,120",
        "  patients    30,805",
        "  splits      the published lists",
        "  licence     registration; no redistribution",
        "  download    42 GB",
        "  source      https://example.org/chest",
        "  citation    Maker M. Chest-9: films of a hospital | with labels. Journal 1, 2020",
        "  parameters  exp ops chest9",
        "  checked     `exp data check FILE` reads every image, and compares images, patients, classes and their positives with what is published, as far as that is known",
        "",
      ].join("\n"),
    );
  });

  test("says of several what they have in common, and lists them", () => {
    const text = datasetFacts(all[1]!, screen(null));
    expect(text).toContain(
      "  patients    not known\n  splits      in the file\n  source      https://example.org/made\n",
    );
    expect(text).not.toMatch(/^ {2}(title|images|licence|download) /m);
    const [, list = ""] = text.split("\ndata set ");
    expect(list.split("\n").map((line) => line.trim())).toEqual([
      "images  patients",
      "CellMade  17,092         -  microscopy: 8 classes",
      "35 MB; terms: CC BY 4.0",
      "splits: in the file",
      "SkinMade       -         -  microscopy: 8 classes",
      "size not known; terms: CC BY-NC 4.0",
      "splits: in the file",
      "",
    ]);
  });

  test("says of a format only how it is used", () => {
    expect(datasetFacts(all[2]!, screen(null))).toBe(
      "csv\n  Images listed in a CSV file.\n  parameters  exp ops csv\n  checked     `exp data check FILE` reads every image\n",
    );
  });
});

describe("datasetMarkdown", () => {
  test("is a table of published data sets whose cells hold no bar", () => {
    const [head, rule, ...rows] = datasetMarkdown([{ ...all[0]!, published: [{ ...chest, task: "a | b" }] }, all[2]!])
      .trimEnd()
      .split("\n");
    expect(head).toMatch(/^\| data set \| constructor \| .* \| licence \|$/);
    expect(rule).toBe("| --- | --- | --- | --- | --: | --: | --- | --- | --- |");
    expect(rows).toEqual([
      "| [Chest-9](https://example.org/chest) | `chest9` | X-ray | a \\| b | 112,120 | 30,805 | the published lists | 42 GB | registration; no redistribution |",
    ]);
  });
});

describe("chooseDatasets", () => {
  test("finds a constructor by its name and a data set by its title, whatever its case", () => {
    expect(chooseDatasets("made", all).published).toHaveLength(2);
    expect(chooseDatasets("skinmade", all)).toEqual({ ...all[1]!, published: [skin] });
  });

  test("says what an unknown name might have been", () => {
    expect(() => chooseDatasets("chest8", all)).toThrow('There is no data set "chest8". Did you mean "chest9"?');
    expect(() => chooseDatasets("CelMade", all)).toThrow('Did you mean "CellMade"?');
    expect(() => chooseDatasets("skin", all)).toThrow('Did you mean "SkinMade"?');
    expect(() => chooseDatasets("mammography", all)).toThrow(/^There is no data set "mammography"\.$/);
  });
});
