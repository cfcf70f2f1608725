import type { DatasetConstructor, DatasetDescription } from "@exp-lab/ops";
import { padLeft, padRight } from "../../3-tabulate/formats/display-width.ts";
import { formatCount } from "../../4-report/count.ts";
import { hangText } from "../../4-report/hanging-text.ts";
import type { Terminal } from "../command.ts";

type Screen = Pick<Terminal, "paintOut" | "width">;

/** One entry a constructor of published data sets; then the formats for data of one's own. */
export function datasetList(all: readonly DatasetConstructor[], screen: Screen): string {
  const published = all.filter((each) => each.published.length > 0);
  const formats = all.filter((each) => each.published.length === 0);
  const { bold } = screen.paintOut;
  return [
    published.length === 0 ? "" : datasetTable(published.map(rowOf), screen),
    formats.length === 0 ? "" : `${bold("For data of your own")}\n${formatLines(formats, screen)}`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

/** The data sets of one constructor, by their titles; how each is split may differ. */
export function titleList({ published }: DatasetConstructor, screen: Screen): string {
  return datasetTable(published.map(titleRow), screen);
}

interface Row {
  /** What stands before the text: name, images, patients. */
  readonly cells: readonly string[];
  readonly text: string;
}

const heads = ["data set", "images", "patients"];
const gap = "  ";

function datasetTable(rows: readonly Row[], { paintOut, width }: Screen): string {
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map(({ cells }) => cells[column]!.length)));
  const lineOf = (cells: readonly string[]): string =>
    cells.map((cell, column) => (column === 0 ? padRight : padLeft)(cell, widths[column]!) + gap).join("");
  const indent = widths.reduce((sum, each) => sum + each + gap.length, 0);
  const lines = rows.map(({ cells, text }) => hangText({ head: lineOf(cells), indent, text, width }));
  return `${paintOut.bold(lineOf(heads).trimEnd())}\n${lines.join("")}`;
}

function rowOf({ name, published }: DatasetConstructor): Row {
  const [first, ...others] = published;
  if (first !== undefined && others.length === 0) return { cells: [name, ...sizeCells(first)], text: textOf(first) };
  const titles = published.map(({ title }) => title).join(", ");
  return { cells: [name, "", ""], text: `${String(published.length)} data sets, exp datasets ${name}: ${titles}` };
}

function titleRow(description: DatasetDescription): Row {
  return {
    cells: [description.title, ...sizeCells(description)],
    text: `${textOf(description)}\nsplits: ${description.splits}`,
  };
}

function sizeCells({ images, patients }: DatasetDescription): readonly string[] {
  return [images, patients].map((count) => (count === null ? "-" : formatCount(count)));
}

function textOf({ modality, task, size, licence }: DatasetDescription): string {
  return `${modality}: ${task}\n${size ?? "size not known"}; terms: ${licence}`;
}

function formatLines(formats: readonly DatasetConstructor[], { width }: Screen): string {
  const longest = Math.max(...formats.map(({ name }) => name.length));
  return formats
    .map(({ name, summary }) =>
      hangText({ head: `  ${padRight(name, longest)}${gap}`, indent: longest + 4, text: summary, width }),
    )
    .join("");
}
