import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { measureDecoding, type DecodeRates, type DecodeRound } from "../data/decode-rates.ts";
import { dicomNames, findDicomCases } from "../data/dicom-cases.ts";
import type { FormatCase } from "../data/format-case.ts";
import { drawFormatCases } from "../data/format-cases.ts";
import { startPython } from "../data/python-process.ts";
import { median, notMeasured, type BenchContext, type Figure } from "../figure.ts";

const figureOf = (name: string): string => `data.decode.${name}`;

/** How fast each format is decoded, beside Python's usual libraries. */
export async function decodingFigures({
  material,
  python,
  root,
  scratch,
  say,
}: BenchContext): Promise<readonly Figure[]> {
  const dicom = material === null ? [] : findDicomCases(material);
  const cases = [...(await drawFormatCases()), ...dicom];
  const folder = join(scratch, "formats");
  mkdirSync(folder);
  const process =
    python === null ? "no Python was named" : await startPython(python, { root, script: "decode_formats.py" });
  try {
    const figures: Figure[] = [];
    for (const format of cases) {
      say(`data: decoding, ${format.name}`);
      figures.push(rateFigure(format, await measureDecoding(format, { python: process, folder })));
    }
    const found = new Set(dicom.map(({ name }) => name));
    const lacking = dicomNames.filter((name) => !found.has(name));
    return [
      ...figures,
      ...lacking.map((name) => notMeasured(dicomFigure(name), "needs the real images (EXP_MATERIAL)")),
    ];
  } finally {
    if (typeof process !== "string") process.close();
  }
}

function dicomFigure(name: string): Pick<Figure, "figure" | "unit" | "target"> {
  return { figure: figureOf(name), unit: "images/s", target: "none" };
}

function rateFigure({ name, what, unit }: FormatCase, rates: DecodeRates): Figure {
  const { rounds, bytes } = rates;
  const value = median(rounds.map(({ ours }) => ours));
  const disturbed = rounds.filter(({ others }) => others > 0.1).length;
  const doubt = disturbed === 0 ? "" : `, ${disturbed} of them DISTURBED by other programs: measure again`;
  const megabytes = ((value * bytes) / 1e6).toFixed(0);
  const baseline = `${what}; one at a time, from memory: ${megabytes} MB/s of pixels; ${besidePython(rates)}; median of ${rounds.length} rounds${doubt}`;
  return { figure: figureOf(name), value, unit, target: "none", holds: null, baseline };
}

function besidePython({ rounds, library }: DecodeRates): string {
  const measured = rounds.filter((round): round is DecodeRound & { readonly theirs: number } => round.theirs !== null);
  if (measured.length === 0) return `beside nothing: ${library}`;
  const ratios = measured.map(({ ours, theirs }) => ours / theirs);
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  const theirs = median(measured.map((round) => round.theirs));
  return `${library} on the same bytes ${Number(theirs.toPrecision(4))} a second, ratio ${median(ratios).toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)})`;
}
