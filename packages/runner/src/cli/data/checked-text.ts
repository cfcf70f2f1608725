import { splitNames } from "@exp-lab/dsl";
import type { ClassCounts, DatasetInspection, ImageSizes, PixelSize, SplitCounts } from "@exp-lab/ops";
import { displayWidth, padLeft, padRight } from "../../3-tabulate/formats/display-width.ts";
import { plainText } from "../../3-tabulate/formats/grid.ts";
import { countOf, formatCount } from "../../4-report/count.ts";
import { hangText } from "../../4-report/hanging-text.ts";
import type { CallOptions, Terminal } from "../command.ts";
import type { CheckedDataset } from "./check-datasets.ts";
import type { Finding } from "./finding.ts";

type Screen = Pick<Terminal, "paintOut" | "width">;

/** A data set for people: what it holds, then what has to be known about it. With --quiet only the latter. */
export function checkedText(checked: CheckedDataset, { quiet }: CallOptions, screen: Screen): string {
  const { outcome, findings, isFine, dataset } = checked;
  const { bold, dim, good, bad } = screen.paintOut;
  const origin = `${dataset.op}, ${plainText(dataset.origin.file)}:${dataset.origin.line}`;
  const head = `${isFine ? good("✓") : bad("✗")} ${bold(plainText(dataset.name))}  ${dim(origin)}\n`;
  if ("failure" in outcome) {
    const { message, hint } = outcome.failure;
    return head + indented(message, 2, screen) + (hint === null ? "" : indented(hint, 4, screen));
  }
  const facts = quiet ? "" : factsText(outcome.inspection, screen);
  return head + facts + findings.map((finding) => findingText(finding, screen)).join("");
}

function findingText({ isBad, text, lines, places }: Finding, screen: Screen): string {
  const { paintOut, width } = screen;
  const mark = isBad ? paintOut.bad("✗") : paintOut.warning("!");
  const more = places - lines.length;
  const listed = lines.map((line) => indented(line, 6, screen)).join("");
  const rest = more > 0 && lines.length > 0 ? `      ... and ${formatCount(more)} more\n` : "";
  const end = lines.length > 0 ? ":" : "";
  return hangText({ head: `  ${mark} `, indent: 4, text: plainText(text) + end, width }) + listed + rest;
}

/** Counts as a table with a column for each split that has images; then what is told in words. */
function factsText(inspection: DatasetInspection, screen: Screen): string {
  const { problem, images, classes, patients, bags, sizes, published } = inspection;
  const rows: readonly Row[] = [
    { name: "images", counts: images },
    ...classes.flatMap(classRows),
    ...(patients === null ? [] : [{ name: "patients", counts: patients }]),
    ...(bags === null ? [] : [{ name: "bags", counts: bags }]),
  ];
  const words = [
    ["labels", `${problem}, ${formatCount(classes.length)} classes`],
    ...(patients === null ? [["patients", "none named"] as const] : []),
    ...(sizes === null ? [] : [["pixels", sizesText(sizes)] as const]),
    ...(published === null || published.differences.length > 0
      ? []
      : [["published", `${published.name}: the same counts in ${published.source}`] as const]),
  ] as const;
  const nameWidth = Math.max(...rows.map(({ name }) => displayWidth(name)), ...words.map(([name]) => name.length));
  const table = tableText(rows, { nameWidth, images, screen });
  const indent = nameWidth + 4;
  return (
    table +
    words
      .map(([name, text]) => hangText({ head: `  ${padRight(name, nameWidth)}  `, indent, text, width: screen.width }))
      .join("")
  );
}

interface TableOptions {
  readonly nameWidth: number;
  readonly images: SplitCounts;
  readonly screen: Screen;
}

function tableText(rows: readonly Row[], { nameWidth, images, screen }: TableOptions): string {
  const columns = [...splitNames.filter((split) => images[split] > 0), "all" as const];
  const cells = rows.map(({ counts }) => columns.map((column) => formatCount(counts[column])));
  const widths = columns.map((column, place) =>
    Math.max(column.length, ...cells.map((row) => row[place]?.length ?? 0)),
  );
  const lineOf = (name: string, values: readonly string[]): string =>
    `  ${padRight(name, nameWidth)}${values.map((value, place) => `  ${padLeft(value, widths[place] ?? 0)}`).join("")}`;
  const lines = rows.map(({ name }, row) => lineOf(name, cells[row] ?? []));
  return `${screen.paintOut.dim(lineOf("", columns))}\n${lines.join("\n")}\n`;
}

function sizesText({ smallest, largest, pixels }: ImageSizes): string {
  const [from, to] = [sizeText(smallest), sizeText(largest)];
  const size = from === to ? from : `${from} to ${to}`;
  const kinds = pixels.map(({ channels, bits, images }) => {
    const kind = `${channels === 1 ? "grey" : "RGB"}, ${bits} bits`;
    return pixels.length === 1 ? kind : `${kind} (${countOf(images, "image")})`;
  });
  return `${size}; ${kinds.join("; ")}`;
}

function sizeText({ width, height }: PixelSize): string {
  return `${width} x ${height}`;
}

function indented(text: string, indent: number, { width }: Screen): string {
  return hangText({ head: " ".repeat(indent), indent, text: plainText(text), width });
}

interface Row {
  readonly name: string;
  readonly counts: SplitCounts;
}

function classRows({ name, positives, unknown }: ClassCounts): readonly Row[] {
  const row = { name: `  ${plainText(name)}`, counts: positives };
  return unknown.all === 0 ? [row] : [row, { name: "    not known", counts: unknown }];
}
