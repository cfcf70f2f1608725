import type { DatasetConstructor, DatasetDescription } from "@exp-lab/ops";
import { formatCount } from "../../4-report/count.ts";

/** A table for a page. Formats for data of one's own have no row: there is nothing published to say of them. */
export function datasetMarkdown(constructors: readonly DatasetConstructor[]): string {
  const heads = ["data set", "constructor", "modality", "task", "images", "patients", "splits", "download", "licence"];
  const rule = heads.map((head) => (head === "images" || head === "patients" ? "--:" : "---"));
  const rows = constructors.flatMap(({ name, published }) => published.map((each) => cellsOf(name, each)));
  return [heads, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function cellsOf(name: string, description: DatasetDescription): readonly string[] {
  const { title, modality, task, images, patients, splits, size, licence, source } = description;
  return [
    `[${escaped(title)}](${source})`,
    `\`${name}\``,
    escaped(modality),
    escaped(task),
    countText(images),
    countText(patients),
    escaped(splits),
    size ?? "",
    escaped(licence),
  ];
}

function countText(count: number | null): string {
  return count === null ? "" : formatCount(count);
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|");
}
