import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { watchOtherPrograms } from "../training/other-programs.ts";
import type { Decoding, FormatCase } from "./format-case.ts";
import type { PythonProcess } from "./python-process.ts";

/** Decoded a second, one after the other. */
export interface DecodeRound {
  readonly ours: number;
  /** Null where Python was not measured. */
  readonly theirs: number | null;
  /** Cores that other programs kept busy meanwhile. */
  readonly others: number;
}

export interface DecodeRates {
  readonly rounds: readonly DecodeRound[];
  /** Of pixels that one decoding hands out. */
  readonly bytes: number;
  /** Python's library and its version, or why nothing is compared. */
  readonly library: string;
}

export interface DecodeSides {
  /** A text: we alone are measured, for this reason. */
  readonly python: PythonProcess | string;
  /** Where the files go, for Python to read. */
  readonly folder: string;
}

const rounds = 3;
const seconds = 0.25;
const warmSeconds = 0.2;

type Prepared =
  | { readonly library: string; readonly count: number; readonly mean: number; readonly deviation: number }
  | { readonly missing: string };

/** Both sides decode the same bytes, which lie in memory, one file at a time, in turn. @throws Error where their pixels differ */
export async function measureDecoding(format: FormatCase, { python, folder }: DecodeSides): Promise<DecodeRates> {
  const decoding = await format.begin();
  const first = await decoding.first();
  const prepared = typeof python === "string" ? { missing: python } : await preparePython(python, folder, format);
  const isCompared = "library" in prepared;
  if (isCompared) requireSamePixels(format, first, prepared);
  await decodeFor(decoding, warmSeconds);
  const measured: DecodeRound[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const cores = watchOtherPrograms();
    const theirs = isCompared && typeof python !== "string" ? await measurePython(python) : null;
    const ours = await decodeFor(decoding, seconds);
    measured.push({ ours, theirs: theirs?.perSecond ?? null, others: cores(theirs?.cpuSeconds ?? 0) });
  }
  const bytes = first.reduce((sum, values) => sum + values.byteLength, 0);
  return { rounds: measured, bytes, library: isCompared ? prepared.library : prepared.missing };
}

async function preparePython(
  python: PythonProcess,
  folder: string,
  { name, files, reader }: FormatCase,
): Promise<Prepared> {
  const paths = files.map((bytes, number) => {
    const path = join(folder, `${name}.${number}`);
    writeFileSync(path, bytes);
    return path;
  });
  return python.ask<Prepared>({ ask: "prepare", reader, files: paths });
}

interface PythonRate {
  readonly perSecond: number;
  readonly cpuSeconds: number;
}

async function measurePython(python: PythonProcess): Promise<PythonRate> {
  return python.ask<PythonRate>({ ask: "measure", seconds });
}

/** Decodes a second, over at least so long. */
async function decodeFor({ decode }: Decoding, atLeast: number): Promise<number> {
  const started = performance.now();
  let turn = 0;
  do {
    await decode(turn);
    turn += 1;
  } while (performance.now() - started < atLeast * 1000);
  return (turn * 1000) / (performance.now() - started);
}

/** Of the values' deviation. Decoders of lossy formats round differently, pixel by pixel, but hardly on average. */
const tolerance = 0.005;

function requireSamePixels(
  { name }: FormatCase,
  first: Awaited<ReturnType<Decoding["first"]>>,
  theirs: Extract<Prepared, { readonly library: string }>,
): void {
  let [count, sum] = [0, 0];
  for (const values of first) {
    count += values.length;
    for (const value of values) sum += value;
  }
  const mean = sum / count;
  if (count === theirs.count && Math.abs(mean - theirs.mean) <= tolerance * theirs.deviation) return;
  const [ours, other] = [`${count} values of mean ${mean}`, `${theirs.count} of ${theirs.mean}`];
  throw new Error(`${name}: ours are ${ours}, ${theirs.library}'s ${other}: what is timed is not the same.`);
}
