import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { BenchContext, Figure } from "./figure.ts";
import { backboneFigures } from "./figures/backbones.ts";
import { dashboardFigures } from "./figures/dashboard.ts";
import { dataFigures } from "./figures/data.ts";
import { extractionFigures } from "./figures/extraction.ts";
import { languageFigures } from "./figures/language.ts";
import { peerFigures } from "./figures/peers.ts";
import { planFigures } from "./figures/plan.ts";
import { rerunFigures } from "./figures/rerun.ts";
import { scheduleFigures } from "./figures/schedule.ts";
import { killFigures } from "./figures/kills.ts";
import { changeFigures } from "./figures/changes.ts";
import { statisticsFigures } from "./figures/statistics.ts";
import { storeFigures } from "./figures/store.ts";
import { trainingFigures } from "./figures/training.ts";

/** Every group of figures; a new one is a file and a line here. */
const groups = [
  extractionFigures,
  backboneFigures,
  trainingFigures,
  rerunFigures,
  planFigures,
  peerFigures,
  scheduleFigures,
  storeFigures,
  changeFigures,
  killFigures,
  languageFigures,
  dashboardFigures,
  statisticsFigures,
  dataFigures,
];

const { values, positionals } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    material: { type: "string" },
    python: { type: "string" },
    snakemake: { type: "string" },
    kills: { type: "string", default: "1000" },
    changes: { type: "string", default: "10000" },
  },
  allowPositionals: true,
});

const unknown = positionals.filter((name) => !groups.some((group) => group.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no figure "${unknown.join('", "')}". They are: ${groups.map(({ name }) => name).join(", ")}.`,
  );
  process.exit(2);
}

/** A mistyped number would be a benchmark of nothing. */
function readCount(name: "kills" | "changes"): number {
  const count = Number(values[name]);
  if (Number.isInteger(count) && count > 0) return count;
  console.error(`--${name} is a whole number above 0, not "${values[name]}".`);
  process.exit(2);
}

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "exp-bench-"));
const figures: Figure[] = [];
try {
  const python = values.python ?? process.env["EXP_PYTHON"] ?? null;
  const context: BenchContext = {
    ...{ root, scratch, python, material: findMaterial() },
    snakemake: values.snakemake ?? process.env["EXP_SNAKEMAKE"] ?? null,
    ...{ kills: readCount("kills"), changes: readCount("changes") },
    say: (text) => console.error(text),
  };
  for (const group of groups.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
    const measured = await group.measure(context);
    figures.push(...measured);
    if (!values.json) for (const figure of measured) console.log(toLine(figure));
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (values.json) console.log(JSON.stringify(figures, null, 2));

/** The folder of real weights and images: --material, EXP_MATERIAL, or `shared/material` beside the repository. */
function findMaterial(): string | null {
  const named = values.material ?? process.env["EXP_MATERIAL"] ?? join(root, "../shared/material");
  return existsSync(named) ? resolve(named) : null;
}

function toLine({ figure, value, unit, target, holds, baseline }: Figure): string {
  const mark = holds === null ? "?" : holds ? "✓" : "✗";
  const shown = value === null ? "not measured" : `${String(Number(value.toPrecision(4)))} ${unit}`;
  return `${mark} ${figure.padEnd(32)} ${shown.padEnd(20)} (${target})  ${baseline}`;
}
