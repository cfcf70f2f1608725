import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeMontgomeryMiniature } from "../ops/miniatures/montgomery.ts";
import { npyBytes } from "../ops/npy-testing.ts";
import { createWorkplace, type Workplace } from "./command-line.ts";

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
});
afterEach(() => {
  place.close();
});

const splits = ["train", "val", "test"] as const;

/** Images whose names hold what shells, pages and terminals take for their own, and a few that are none. */
async function writeImages(): Promise<void> {
  let seed = 0;
  for (const split of splits) {
    for (const className of ["<b onclick=x>ill", "well [1]"]) {
      for (let index = 0; index < 6; index++) {
        seed += 1;
        const grey = (className.startsWith("<") ? 160 : 60) + ((seed * 37) % 40);
        const pixels = Uint8Array.from({ length: 256 }, (_, pixel) => (grey + ((pixel * seed) % 23)) % 256);
        const image = sharp(pixels, { raw: { width: 16, height: 16, channels: 1 } }).toColourspace("b-w");
        write(`images/${split}/${className}/$(touch x) & "${String(index)}".png`, await image.png().toBuffer());
      }
    }
  }
  const whole = readFileSync(join(place.folder, `images/train/well [1]/$(touch x) & "0".png`));
  write("images/train/well [1]/cut.png", whole.subarray(0, whole.length - 20));
  write("images/test/well [1]/empty.png", new Uint8Array(0));
  write("images/test/<b onclick=x>ill/absurd.png", absurd(whole));
  write("images/val/<b onclick=x>ill/nan.npy", npyBytes("<f4", [2, 2], floats([0, Number.NaN, 1, 2])));
}

function write(name: string, content: Uint8Array): void {
  mkdirSync(dirname(join(place.folder, name)), { recursive: true });
  writeFileSync(join(place.folder, name), content);
}

function floats(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

/** A PNG whose header claims 60,000 x 60,000 pixels, with a right checksum. */
function absurd(png: Buffer): Uint8Array {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(60_000, 16);
  bytes.writeUInt32BE(60_000, 20);
  bytes.writeUInt32BE(checksum(bytes.subarray(12, 29)), 29);
  return bytes;
}

function checksum(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ ((value & 1) * 0xedb88320);
  }
  return (value ^ 0xffffffff) >>> 0;
}

function program(onError: string): string {
  return `exp 1
dataset scans = image_folder { root: "images", on_error: ${onError} }
backbone tiny = vit { weights: random(1), image_size: 16, patch_size: 8, width: 8, depth: 1, heads: 2 }
head near = knn { k: 3 }
sweep all { dataset: scans  backbone: tiny  head: near }
table "T" { from: all  rows: backbone  cells: test.auroc }
`;
}

it("a run stops at a file that cannot be read, by its name, and leaves it out where the program says so", async () => {
  await writeImages();
  place.write("stop.exp", program("stop"));
  const stopped = await place.exp("run", "stop.exp");
  expect(stopped.exitCode).toBe(1);
  expect(stopped.err + stopped.out).toContain("cut.png");

  place.write("skip.exp", program("skip"));
  const skipped = await place.exp("run", "skip.exp");
  expect(skipped.exitCode, skipped.err).toBe(0);
  expect(skipped.out.replaceAll(/\s+/g, " ")).toContain(
    "Left out: 4 files that cannot be read (1 of train, 1 of val, 2 of test; 2 damaged, 1 too large, 1 with NaN; on_error: skip).",
  );
  const table = JSON.parse((await place.exp("table", "skip.exp", "--json")).out) as { cells: { nTest: number }[] };
  expect(table.cells.map(({ nTest }) => nTest)).toEqual([12]);
  // A file that is mended comes back.
  write(
    "images/test/well [1]/empty.png",
    readFileSync(join(place.folder, `images/train/well [1]/$(touch x) & "1".png`)),
  );
  const mended = await place.exp("run", "skip.exp");
  expect(mended.exitCode).toBe(1);
  expect(mended.err).toContain("in test too, byte for byte");
});

it("the check names and counts every one of them, and shows odd names as they are", async () => {
  await writeImages();
  place.write("check.exp", program("stop"));
  const check = await place.exp("data", "check", "check.exp", "--json");
  expect(check.exitCode).toBe(1);
  for (const name of ["cut.png", "empty.png", "absurd.png", "nan.npy"]) expect(check.out).toContain(name);
  const shown = await place.exp("data", "check", "check.exp");
  expect(shown.out).toContain("<b onclick=x>ill");
  // Nothing that a terminal would obey, and nothing that a shell was given to run.

  expect(shown.out + check.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  expect((await place.shell("ls")).out).not.toMatch(/^x$/m);
});

it("a file that cannot be read any more is another question: what was stored without it is not shown for it", async () => {
  await writeMontgomeryMiniature(join(place.folder, "xrays"));
  place.write("skip.exp", program("skip").replace('image_folder { root: "images",', 'montgomery { root: "xrays",'));
  const whole = await place.exp("run", "skip.exp");
  expect(whole.exitCode).toBe(0);
  const [image] = readdirSync(join(place.folder, "xrays"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".png"))
    .sort();
  rmSync(join(place.folder, "xrays", image!));
  symlinkSync("/nowhere", join(place.folder, "xrays", image!));
  const without = await place.exp("run", "skip.exp");
  expect(without.exitCode).toBe(0);
  expect(`${without.out}${without.err}`).toMatch(
    /Left out: 1 file that cannot be read \(.*1 missing; on_error: skip\)/,
  );
  // A link that is added later, as by a tool that has fetched its names alone.
  const added = image!.replace(/_0001_/, "_0999_");
  expect(added).not.toBe(image);
  symlinkSync("/nowhere", join(place.folder, "xrays", added));
  const more = await place.exp("run", "skip.exp");
  expect(`${more.out}${more.err}`).toMatch(/Left out: 2 files/);
});
