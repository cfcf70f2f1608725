import { availableParallelism, freemem } from "node:os";
import { join } from "node:path";
import { measureForward, type ForwardRates } from "../data/study-forward.ts";
import { writeStudyImages } from "../data/study-images.ts";
import { study, studyPasses, studySteps } from "../data/study-passes.ts";
import { bytesNeeded, measureStudyTraining, type StudyTraining } from "../data/study-training.ts";
import { endToEnd } from "../extraction/end-to-end.ts";
import { notMeasured, type BenchContext, type Figure } from "../figure.ts";
import { makeVit } from "../forward/vit-forward.ts";
import { startTorch, type TorchProcess } from "../training/torch-process.ts";

const slice = 160;

const wanted = [
  { figure: "data.study_loop_hours", unit: "h", target: "none" },
  { figure: "data.our_hours", unit: "h", target: "none" },
  { figure: "data.study_loop_ratio", unit: "ratio", target: "none" },
] as const;

interface Measured {
  readonly forward: ForwardRates;
  /** Of ours, end to end. */
  readonly secondsPerImage: number;
  readonly bytesPerFile: number;
  readonly training: StudyTraining;
  /** PyTorch and its version, or why it is not there. */
  readonly against: string;
}

/**
 * The study's linear probe on NIH ChestX-ray14, which passes images through the backbone at every step, and ours, which passes
 * each once. What is measured is a slice; hours are extrapolated.
 */
export async function studyLoopFigures(context: BenchContext): Promise<readonly Figure[]> {
  const { python, root, scratch, say } = context;
  if (freemem() < bytesNeeded) return notAll("needs 2.5 GB of free memory");
  const threads = availableParallelism();
  say("data: the study's own loop");
  const torch =
    python === null ? "no Python was named" : await startTorch(python, { root, script: "vit_forward.py", threads });
  const process: TorchProcess | null = typeof torch === "string" ? null : torch;
  try {
    const vit = await makeVit("dinov2_vits14", scratch);
    const forward = await measureForward(vit, process, threads);
    const folder = join(scratch, "study-images");
    const bytesPerFile = await writeStudyImages(folder, slice);
    const backbone = `${vit.name} { weights: file("${vit.weights}") }`;
    const secondsPerImage = await endToEnd(context, { folder, backbone, name: "study" });
    if (!Number.isFinite(secondsPerImage)) throw new Error("The run told of no extraction over the drawn images.");
    const training = await measureStudyTraining();
    const against = typeof torch === "string" ? torch : torch.madeBy;
    return toFigures({ forward, secondsPerImage, bytesPerFile, training, against });
  } finally {
    process?.close();
  }
}

function toFigures(measured: Measured): readonly Figure[] {
  const { forward, training, against } = measured;
  const passes = studyPasses();
  const all = passes.search + passes.final + passes.evaluation;
  const theirs = all / (forward.torch?.rate ?? forward.ours) / 3600;
  const ours = ownHours(measured);
  const doubt = Math.max(forward.others, training.others) > 0.1 ? "; DISTURBED by other programs: measure again" : "";
  const counted = `${million(passes.search)} passes of the search (${study.searchEpochs} epochs), ${million(passes.final)} of the last fit (${study.finalEpochs} epochs on train and val), ${million(passes.evaluation)} of evaluations (each ${study.evaluatedEvery} epochs, on val and on test)`;
  const loop = `extrapolated: ${counted}, ${describePasses(measured)}; in its favour, nothing is counted for decoding, preparing or training; without augmentation, by which features could not be kept${doubt}`;
  return [
    told(wanted[0], theirs, loop),
    told(wanted[1], ours.extraction + ours.training, `${describeOurs(measured, ours)}${doubt}`),
    told(
      wanted[2],
      theirs / (ours.extraction + ours.training),
      `the study's loop, extrapolated from ${forward.torch === null ? `our own forward passes (${against})` : `forward passes of ${against}`}, over our extraction and training, extrapolated: the two figures before${doubt}`,
    ),
  ];
}

interface OwnHours {
  readonly extraction: number;
  readonly training: number;
}

function ownHours({ secondsPerImage, training: { search, final } }: Measured): OwnHours {
  const { train, val, test } = study;
  const steps = studySteps();
  const searching = steps.search * search.perStep + train * search.perRow;
  const fitting = steps.final * final.perStep + (train + val) * final.perRow;
  return { extraction: ((train + val + test) * secondsPerImage) / 3600, training: (searching + fitting) / 3600 };
}

function describePasses({ forward: { torch, ours }, against }: Measured): string {
  if (torch === null)
    return `at ${ours.toFixed(1)} images/s, measured on our own forward passes of ViT-S/14 (${against})`;
  return `at ${torch.rate.toFixed(1)} images/s, measured with ${against}, ${torch.network}, eager, float32, batch ${torch.batch}`;
}

function describeOurs({ forward, secondsPerImage, bytesPerFile, training }: Measured, hours: OwnHours): string {
  const images = (study.train + study.val + study.test).toLocaleString("en");
  const steps = studySteps();
  const rate = (perStep: number): string => (1 / perStep).toFixed(0);
  const extraction = `${hours.extraction.toFixed(2)} h for one pass of each of ${images} images, at ${(1 / secondsPerImage).toFixed(1)} images/s, measured over ${slice} drawn PNGs of 1,024 px (${(bytesPerFile / 1000).toFixed(0)} kB each) by exp run itself, decoding and storing included (forward alone ${forward.ours.toFixed(1)})`;
  const fits = `${hours.training.toFixed(2)} h for ${steps.search.toLocaleString("en")} steps of the 16-head grid (${rate(training.search.perStep)} steps/s, four calls of four heads one after the other, each on one core) and ${steps.final.toLocaleString("en")} steps of one head of 1,920 features (${rate(training.final.perStep)} steps/s), measured on ${study.train.toLocaleString("en")} rows`;
  return `extrapolated: ${extraction}; ${fits}; hashing the files once and scoring heads on stored features are left out`;
}

type Wanted = Pick<Figure, "figure" | "unit" | "target">;

function told(figure: Wanted, value: number, baseline: string): Figure {
  return { ...figure, value, holds: null, baseline };
}

function notAll(needs: string): readonly Figure[] {
  return wanted.map((each) => notMeasured(each, needs));
}

function million(count: number): string {
  return `${(count / 1e6).toFixed(2)} M`;
}
