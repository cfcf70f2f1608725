import { splitNames } from "@exp-lab/dsl";
import type { MadeRow } from "./index-of.ts";

const train: readonly MadeRow[] = [{ split: "train" }, { split: "train", label: 1 }];
const val: readonly MadeRow[] = [{ split: "val" }, { split: "val", label: 1 }];
const test: readonly MadeRow[] = [{ split: "test" }, { split: "test", label: 1 }];
/** Two images of each split that leak nothing. */
export const clean = [...train, ...val, ...test];

/** What is planted, what the audit says of it, and which images leave by `leaks: drop`. */
export interface PlantedLeak {
  readonly name: string;
  readonly rows: readonly MadeRow[];
  readonly code: string;
  readonly says: RegExp;
  readonly leaves: readonly string[];
  readonly notes?: readonly RegExp[];
}

/** Ten indexes with one leak each, some of them by a detour. */
export const planted: readonly PlantedLeak[] = [
  {
    name: "an image of train in test",
    rows: [{ split: "train", image: "x" }, { split: "test", image: "x" }, ...clean],
    code: "leak",
    says: /: 1 image of train is in test too, byte for byte\. The first: 0 and 1\.$/,
    leaves: ["0"],
    notes: [/^Leaks: 1 image of train that test has too, byte for byte, was left out of train \(leaks: drop\)\.$/],
  },
  {
    name: "images of train in val",
    rows: [
      { split: "train", image: "x" },
      { split: "val", image: "x" },
      { split: "val", image: "y" },
      { split: "train", image: "y" },
      ...clean,
    ],
    code: "leak",
    says: /: 2 images of train are in val too, byte for byte\. The first: 0 and 1\.$/,
    leaves: ["0", "3"],
    notes: [/^Leaks: 2 images of train that val has too, byte for byte, were left out of train/],
  },
  {
    name: "an image of val in test",
    rows: [{ split: "val", image: "x" }, { split: "test", image: "x" }, ...clean],
    code: "leak",
    says: /: 1 image of val is in test too, byte for byte/,
    leaves: ["0"],
    notes: [/^Leaks: 1 image of val that test has too, byte for byte, was left out of val/],
  },
  {
    name: "an image in all three splits",
    rows: [...splitNames.map((split) => ({ split, image: "x" })), ...clean],
    code: "leak",
    says: /: 1 image of train is in val too, .*; 1 image of train is in test too, .*; 1 image of val is in test too/,
    leaves: ["0", "1"],
    notes: [/of train that test has too/, /of val that test has too/],
  },
  {
    name: "a patient of train in test",
    rows: [
      { split: "train", patient: "P" },
      { split: "train", patient: "P" },
      { split: "test", patient: "P" },
      ...clean,
    ],
    code: "leak",
    says: /: 2 images of train are of patients that test has too\. The first: 0 and 2\.$/,
    leaves: ["0", "1"],
    notes: [/^Leaks: 2 images of train of patients that test has too were left out of train/],
  },
  {
    name: "a patient of val in test, and one of train in val",
    rows: [
      { split: "val", patient: "P" },
      { split: "test", patient: "P" },
      { split: "train", patient: "Q" },
      { split: "val", patient: "Q" },
      ...clean,
    ],
    code: "leak",
    says: /1 image of train is of a patient that val has too; 1 image of val is of a patient that test has too/,
    leaves: ["0", "2"],
  },
  {
    name: "an image in two splits with different labels",
    rows: [{ split: "train", image: "x", label: 1 }, { split: "test", image: "x" }, ...clean],
    code: "leak",
    says: /1 image of train is in test too, byte for byte \(1 of them labelled differently there\)/,
    leaves: ["0"],
  },
  {
    name: "a chain: a patient's image under another name in test",
    rows: [
      { split: "train", patient: "P" },
      { split: "train", patient: "P", image: "x" },
      { split: "test", patient: "Q", image: "x" },
      { split: "val", patient: "Q" },
      { split: "train", patient: "R" },
      ...clean,
    ],
    code: "leak",
    says: /1 image of train is in test too, .*; 2 images of train are of patients that test has too; 1 image of val is of a patient that test has too/,
    leaves: ["0", "1", "3"],
  },
  {
    name: "an image of a bag in a bag of test",
    rows: [
      { split: "train", bag: "a" },
      { split: "train", bag: "a", image: "x" },
      { split: "test", bag: "b", image: "x" },
      { split: "test", bag: "b" },
      ...clean,
    ],
    code: "leak",
    says: /1 image of train is in test too/,
    leaves: ["0", "1"],
    notes: [
      /1 image of train that test has too/,
      /1 image of train in bags with images that test has too was left out/,
    ],
  },
  {
    name: "a copy without a patient of an image of a patient in test",
    rows: [
      { split: "train", image: "x" },
      { split: "train", image: "x", patient: "P" },
      { split: "test", patient: "P" },
      ...clean,
    ],
    code: "leak",
    says: /: 2 images of train are of patients that test has too/,
    leaves: ["0", "1"],
  },
];
