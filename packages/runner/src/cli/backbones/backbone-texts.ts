import type { BackboneDescription, WeightsDescription } from "@exp-lab/ops";
import { hangText } from "../../4-report/hanging-text.ts";
import type { Paint } from "../../4-report/paint.ts";
import type { Terminal } from "../command.ts";

/** One line a network, columns aligned. */
export function backboneTable(backbones: readonly BackboneDescription[], paint: Paint): string {
  const heads = ["backbone", "parameters", "pixels", "features", "licence"];
  const rows = backbones.map(({ name, parameters, imageSize, parts, licence, isGated }) => [
    name,
    millions(parameters),
    String(imageSize),
    `${parts[0]!.name} ${String(parts[0]!.width)}`,
    isGated ? `${licence} (gated)` : licence,
  ]);
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join("  ")
      .trimEnd();
  return [paint.bold(line(heads)), ...rows.map(line)].map((text) => `${text}\n`).join("");
}

function isNumber(column: number): boolean {
  return column === 1 || column === 2;
}

/** A table for a page: the same, and where the weights lie. */
export function backboneMarkdown(backbones: readonly BackboneDescription[]): string {
  const rows = backbones.map(({ name, parameters, imageSize, parts, licence, isGated, source, weights }) => [
    `\`${name}\``,
    source,
    millions(parameters),
    String(imageSize),
    parts.map((part) => part.name).includes("cls_1")
      ? tokenParts(parts)
      : parts.map(({ name: part, width }) => `${part} ${width}`).join(", "),
    weights
      .map((each) => `${placeOf(each)}${each.sha256 === null ? "" : ` (${each.sha256.slice(0, shownDigits)})`}`)
      .join("; "),
    isGated ? `${licence}, gated` : licence,
  ]);
  const heads = ["backbone", "source", "parameters", "pixels", "features", "weights (SHA-256)", "licence"];
  const lines = [heads, heads.map((_, column) => (column === 2 || column === 3 ? "--:" : "---")), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

/** Digits of a digest that tell files apart at a glance. */
const shownDigits = 8;

/** Class tokens and patch mean have one width; a projection has its own. */
function tokenParts(parts: BackboneDescription["parts"]): string {
  const token = parts.find(({ name }) => name === "cls_1")!;
  const others = parts.filter(({ name }) => !name.startsWith("cls_") && name !== "patch_mean");
  return [
    `cls_1–cls_5, patch_mean ${String(token.width)}`,
    ...others.map(({ name, width }) => `${name} ${String(width)}`),
  ].join(", ");
}

/** All there is to say of one. */
export function backboneFacts(backbone: BackboneDescription, { paintOut, width }: Terminal): string {
  const { name, summary, source, licence, isGated, parameters, imageSize, parts, weights } = backbone;
  const facts: readonly (readonly [string, string])[] = [
    ["source", source],
    ["parameters", millions(parameters)],
    ["image size", `${String(imageSize)} pixels`],
    ["features", parts.map((part) => `${part.name} ${String(part.width)}`).join(", ")],
    ["licence", isGated ? `${licence}; its terms have to be accepted on the publisher's page first` : licence],
    ...weights.flatMap((each) => weightsFacts(each, weights.length > 1)),
  ];
  const lines = facts.map(([head, text]) => hangText({ head: `  ${head.padEnd(14)}`, indent: 16, text, width }));
  return `${paintOut.bold(name)}\n${hangText({ head: "  ", indent: 2, text: summary, width })}${lines.join("")}`;
}

function weightsFacts(each: WeightsDescription, areMany: boolean): readonly (readonly [string, string])[] {
  const { name, note, sha256 } = each;
  const of = `${placeOf(each)}${note === null ? "" : `: ${note}`}`;
  return [
    ["weights", areMany ? `${name}: ${of}` : of],
    ["SHA-256", digestText(sha256)],
  ];
}

function digestText(sha256: string | null): string {
  if (sha256 === null) return "not known here; `exp lock` pins it";
  return sha256.length === 64 ? sha256 : `${sha256}... (the first digits)`;
}

/** Where weights lie: a repository and its file, or an address. */
function placeOf({ from }: WeightsDescription): string {
  if (from.weights === "file") return from.path;
  if (from.weights === "url") return from.url;
  return [`hf ${from.repository}`, from.file].filter((part) => part !== null).join(" ");
}

function millions(count: number): string {
  const value = count / 1e6;
  return `${value < 100 ? value.toFixed(1) : value.toFixed(0)} M`;
}
