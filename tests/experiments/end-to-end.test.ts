import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createWorkplace, type Workplace } from "../cli/command-line.ts";
import { writeBrainTumorMiniature } from "../ops/miniatures/brain-tumor.ts";
import { writeChexpertMiniature } from "../ops/miniatures/chexpert.ts";
import { writeNihMiniature } from "../ops/miniatures/nih.ts";
import { writeSarsMiniature } from "../ops/miniatures/sars-cov-2-ct.ts";
import { writeSmallNetworks, writeSmallSets } from "./small-miniatures.ts";

const shipped = fileURLToPath(new URL("../../experiments", import.meta.url));
const programs = readdirSync(shipped).filter((name) => name.endsWith(".exp"));

let place: Workplace;
beforeAll(async () => {
  place = createWorkplace();
  cpSync(shipped, place.folder, { recursive: true });
  // In a store of its own, whatever lies above the folder.
  mkdirSync(join(place.folder, ".exp"));
  shortenPrograms(place.folder);
  const data = join(place.folder, "data");
  await writeNihMiniature(join(data, "nih"), { patients: { train: 90, val: 20, test: 40 } });
  await writeChexpertMiniature(join(data, "chexpert"), { patients: { train: 30, val: 16, test: 30 } });
  await writeSarsMiniature(join(data, "sars-cov-2-ct"));
  await writeBrainTumorMiniature(join(data, "brain-tumor"));
  await writeSmallSets(data);
  await writeSmallNetworks(data);
}, 60_000);
afterAll(() => {
  place.close();
});

/**
 * The programs as they are shipped, but for their epochs, their numbers of neighbours and the backbones of `lib/backbones.exp`: networks of the same names
 * with random weights, which need no download and pass an image in a millisecond.
 */
function shortenPrograms(folder: string): void {
  for (const name of programs) {
    const path = join(folder, name);
    const text = readFileSync(path, "utf8").replaceAll(/\bepochs: \d+/g, "epochs: 2");
    // There are not 200 neighbours, nor patients for minutes of draws.
    const fewer = text
      .replaceAll(/\bhead\.k: \[[^\]]+\]/g, "head.k: [1, 2, 5]")
      .replace("shots: [1, 2, 4, 8, 16, all]\n  dataset.shots_of", "shots: [1, 4, all]\n  dataset.shots_of")
      .replaceAll(/^ +"(?:2|8|16)": \{.*\}\n/gm, "");
    writeFileSync(path, fewer);
  }
  const library = join(folder, "lib/backbones.exp");
  let seed = 0;
  const small = readFileSync(library, "utf8").replaceAll(/^(backbone \w+) = \w+ \{\}$/gm, (_, declaration: string) => {
    seed += 1;
    const size = "image_size: 16, patch_size: 8, width: 8, depth: 4, heads: 2";
    return `${declaration} = vit { weights: random(${String(seed)}), ${size} }`;
  });
  writeFileSync(library, small);
}

it.each(programs)("%s fills its tables on miniatures of its data", { timeout: 300_000 }, async (name) => {
  const run = await place.exp("run", name, "--json");
  const last = JSON.parse(run.out.trimEnd().split("\n").at(-1) ?? "{}") as Finished;
  expect(last.summary, run.err).toMatchObject({ failed: 0, skipped: 0, cancelled: 0 });
  expect(run.exitCode).toBe(0);
  const cells = last.tables.flatMap((table) => table.cells);
  expect(cells.length).toBeGreaterThan(0);
  expect(cells.filter(({ mean }) => mean === null)).toEqual([]);

  // A second run finds everything, and says the same.
  const again = await place.exp("run", name, "--json");
  const rerun = JSON.parse(again.out.trimEnd().split("\n").at(-1) ?? "{}") as Finished;
  expect(rerun.summary).toMatchObject({ computed: 0, forwardPasses: 0 });
  expect(rerun.tables).toEqual(last.tables);
});

interface Finished {
  readonly summary: Readonly<Record<string, number>>;
  readonly tables: readonly { readonly cells: readonly { readonly mean: number | null }[] }[];
}
