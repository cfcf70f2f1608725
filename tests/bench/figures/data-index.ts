import { spawnSync } from "node:child_process";
import { rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nih, writeNihFolder } from "../data/nih-folder.ts";
import { judge, median, notMeasured, type BenchContext, type Figure } from "../figure.ts";

interface IndexRun {
  readonly startSeconds: number;
  readonly listSeconds: number;
  readonly indexSeconds: number;
  readonly encodeSeconds: number;
  /** Of memory in bytes: after listing, after indexing, after encoding. */
  readonly peaks: readonly [number, number, number];
  readonly artifactBytes: number;
  readonly images: number;
  readonly testImages: number;
  readonly patients: number;
}

interface PythonRun {
  readonly seconds: number;
  readonly library: string;
  readonly peakBytes: number | null;
  readonly images: number;
  readonly testImages: number;
}

const time = { figure: "data.index_s", unit: "s", target: "<= 20" } as const;
const memory = { figure: "data.index_mb", unit: "MB", target: "<= 500" } as const;
const rounds = 3;

/** Indexing as many images as NIH ChestX-ray14 has, without reading a pixel. */
export function indexFigures({ root, scratch, python, say }: BenchContext): readonly Figure[] {
  const { ffree, files } = statfsSync(scratch);
  // Some file systems do not count.
  if (files > 0 && ffree < 2 * nih.images) {
    const needs = `needs room for ${count(nih.images)} temporary files`;
    return [time, memory].map((each) => notMeasured(each, needs));
  }
  say(`data: an index of ${count(nih.images)} images`);
  const folder = join(scratch, "nih");
  try {
    writeNihFolder(folder);
    // Machines drift: both are measured in turn.
    const measured = Array.from({ length: rounds }, () => ({
      ours: indexWithOurs(folder),
      theirs: python === null ? null : indexWithPython(python, root, folder),
    }));
    const ours = measured.map((round) => round.ours);
    const theirs = measured.flatMap((round) => (round.theirs === null ? [] : [round.theirs]));
    return [timeFigure(ours, theirs), memoryFigure(ours, theirs)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function timeFigure(ours: readonly IndexRun[], theirs: readonly (PythonRun | string)[]): Figure {
  const totals = ours.map(({ listSeconds, indexSeconds, encodeSeconds }) => listSeconds + indexSeconds + encodeSeconds);
  const part = (of: (run: IndexRun) => number): string => median(ours.map(of)).toFixed(2);
  const parts = `list ${part((run) => run.listSeconds)} s, index ${part((run) => run.indexSeconds)} s, encode ${part((run) => run.encodeSeconds)} s`;
  const baseline = `drawn folder in NIH ChestX-ray14's layout (${count(nih.images)} empty files, ${count(nih.patients)} patients), digests given, files listed before by the system; ${parts}; the process's start (${part((run) => run.startSeconds)} s) is not counted; ${describePython(theirs, totals)}; median of ${rounds} (${range(totals, 2)})`;
  return judge({ ...time, value: median(totals), baseline }, { atMost: 20 });
}

function describePython(runs: readonly (PythonRun | string)[], ours: readonly number[]): string {
  const [first] = runs;
  if (first === undefined) return "beside nothing: no Python was named";
  if (typeof first === "string") return `beside nothing: ${first}`;
  const seconds = runs.map((run) => (typeof run === "string" ? Number.NaN : run.seconds));
  const ratio = median(ours.map((own, round) => own / (seconds[round] ?? Number.NaN)));
  return `${first.library} with os.listdir makes a table of the same in ${median(seconds).toFixed(2)} s, without pseudonyms and without a file of it (ours takes ${ratio.toFixed(1)} times as long)`;
}

function memoryFigure(ours: readonly IndexRun[], theirs: readonly (PythonRun | string)[]): Figure {
  const peaks = ours.map((run) => run.peaks[2] / 1e6);
  const after = (stage: 0 | 1): string => median(ours.map((run) => run.peaks[stage] / 1e6)).toFixed(0);
  const [first] = theirs;
  const beside =
    typeof first === "object" && first.peakBytes !== null
      ? `; the process with ${first.library}: ${(first.peakBytes / 1e6).toFixed(0)} MB`
      : "";
  const artifact = ((ours[0]?.artifactBytes ?? Number.NaN) / 1e6).toFixed(1);
  const baseline = `most memory of a Node process that lists (${after(0)} MB by then), indexes (${after(1)}) and encodes (${artifact} MB of an artifact)${beside}; median of ${rounds} (${range(peaks, 0)})`;
  return judge({ ...memory, value: median(peaks), baseline }, { atMost: 500 });
}

/** @throws Error where the index is not of the drawn folder */
function indexWithOurs(folder: string): IndexRun {
  const script = fileURLToPath(new URL("../data/index-nih.js", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, folder], { encoding: "utf8" });
  if (status !== 0) throw new Error(`Indexing ended with ${String(status)}:\n${stderr}`);
  const run = JSON.parse(stdout) as IndexRun;
  requireWhole(run);
  if (run.patients !== nih.patients) throw new Error(`The index has ${run.patients} patients.`);
  return run;
}

/** A text says why there is nothing to compare with. */
function indexWithPython(python: string, root: string, folder: string): PythonRun | string {
  const script = join(root, "tests/bench/python/index_nih.py");
  const { status, stdout, stderr, error } = spawnSync(python, ["-B", script, folder], { encoding: "utf8" });
  if (error !== undefined) return error.message;
  if (status !== 0) return `${python} cannot index it: ${stderr.trim().split("\n").at(-1) ?? ""}`;
  const run = JSON.parse(stdout) as PythonRun;
  requireWhole(run);
  return run;
}

function requireWhole({ images, testImages }: Pick<IndexRun, "images" | "testImages">): void {
  if (images === nih.images && testImages === nih.testImages) return;
  throw new Error(`An index has ${images} images, ${testImages} of them for testing: what was timed is not the same.`);
}

function count(value: number): string {
  return value.toLocaleString("en");
}

function range(values: readonly number[], digits: number): string {
  return `${Math.min(...values).toFixed(digits)}-${Math.max(...values).toFixed(digits)}`;
}
