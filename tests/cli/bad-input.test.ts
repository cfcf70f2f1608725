import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { encodeNpz } from "@exp-lab/ops";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorkplace, smallProgram, type Workplace } from "./command-line.ts";

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
});
afterEach(() => {
  place.close();
});

function program(
  dataset: string,
  backbone = "vit { weights: random(1), image_size: 16, patch_size: 8, width: 16, depth: 1, heads: 1 }",
): string {
  return `exp 1
dataset data = ${dataset}
backbone net = ${backbone}
head near = knn { k: 1 }
sweep all { dataset: data  backbone: net  head: near }
table "T" { from: all  rows: head  cells: test.accuracy }
`;
}

async function writeFolder(name: string): Promise<void> {
  for (const [index, part] of ["train/a", "train/b", "test/a", "test/b"].entries()) {
    mkdirSync(join(place.folder, name, part), { recursive: true });
    for (let copy = 0; copy < 3; copy += 1) {
      const pixels = Uint8Array.from({ length: 256 }, (_, pixel) => (pixel * (index * 3 + copy + 1)) % 256);
      const image = sharp(pixels, { raw: { width: 16, height: 16, channels: 1 } });
      await image.png().toFile(join(place.folder, name, part, `${String(copy)}.png`));
    }
  }
}

describe("a wrong program is refused with exit 2 before anything runs", () => {
  it("names unknown words and wrong types on their tokens, several at once", async () => {
    place.write(
      "wrong.exp",
      smallProgram.replace("vit {", "vitt {").replace("k: 5", 'k: "five"').replace("test.auroc", "test.aurok"),
    );
    const { exitCode, err } = await place.exp("run", "wrong.exp");
    expect(exitCode).toBe(2);
    expect(err).toContain("wrong.exp:5:");
    expect(err).toContain("wrong.exp:7:");
    expect(err).toContain("wrong.exp:19:");
    expect(err).toMatch(/`?vit`?/);
    expect(err).toContain("auroc");
    expect(err).toContain("3 errors");
  });

  it("answers 2 KB of opening brackets with one message", async () => {
    place.write("deep.exp", `exp 1\nparam x = ${"[".repeat(2048)}`);
    const { exitCode, err } = await place.exp("check", "deep.exp");
    expect(exitCode).toBe(2);
    expect(err.match(/error\[/g)).toHaveLength(1);
    expect(err).toContain("64");
  });

  it("names the files that import each other in a circle", async () => {
    place.write("a.exp", 'exp 1\nimport "b.exp"\n');
    place.write("b.exp", 'exp 1\nimport "a.exp"\n');
    const { exitCode, err } = await place.exp("run", "a.exp");
    expect(exitCode).toBe(2);
    expect(err).toContain("files import each other in a circle: a.exp -> b.exp -> a.exp");
  });

  it("counts a sweep of 10^12 trials instead of expanding it", async () => {
    const axes = ["dataset.seed", "dataset.size", "backbone.depth", "head.k"]
      .map((axis) => `  ${axis}: 1..1000\n`)
      .join("");
    place.write("huge.exp", smallProgram.replace("  head: [near, logit]\n", `  head: near\n${axes}`));
    const { exitCode, err } = await place.exp("check", "huge.exp");
    expect(exitCode).toBe(2);
    expect(err).toMatch(/1,?000,?000,?000,?000|10\^12/);
  });

  it("names a missing file with the line that wants it", async () => {
    place.write("missing.exp", program('medmnist { file: "none.npz" }'));
    const { exitCode, err } = await place.exp("run", "missing.exp");
    expect(exitCode).toBe(2);
    expect(err).toContain("none.npz");
    expect(err).toContain("missing.exp:2");
  });

  it("says that there is no such program, command or option", async () => {
    expect(await place.exp("run", "nothing.exp")).toMatchObject({ exitCode: 2 });
    expect(await place.exp("rum", "x.exp")).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining("run") as string,
    });
    expect(await place.exp("run", "x.exp", "--jbos", "2")).toMatchObject({ exitCode: 2 });
    expect(await place.exp("lsp")).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining("later version") as string,
    });
  });
});

describe("bad data costs the tasks that need it, with exit 1", () => {
  it("names the array and the lengths of an .npz whose arrays differ in length", async () => {
    const images = (count: number): { shape: number[]; data: Uint8Array } => ({
      shape: [count, 4, 4],
      data: new Uint8Array(count * 16),
    });
    const labels = (count: number): { shape: number[]; data: Uint8Array } => ({
      shape: [count, 1],
      data: Uint8Array.from({ length: count }, (_, i) => i % 2),
    });
    const arrays = {
      train_images: images(4),
      train_labels: labels(3),
      val_images: images(2),
      val_labels: labels(2),
      test_images: images(2),
      test_labels: labels(2),
    };
    place.write("odd.npz", encodeNpz(arrays));
    place.write("odd.exp", program('medmnist { file: "odd.npz" }'));
    const { exitCode, err } = await place.exp("run", "odd.exp");
    expect(exitCode).toBe(1);
    expect(err).toContain("train_images");
    expect(err).toContain("train_labels");
    expect(err).toMatch(/4.*3|3.*4/s);
  });

  it("names the columns that a CSV manifest has where the label column is absent", async () => {
    place.write("list.csv", "path,lable,split\na.png,0,train\n");
    place.write("a.png", "not read");
    place.write("csv.exp", program('csv { file: "list.csv", path: "path", label: "label", split: "split" }'));
    const { exitCode, err } = await place.exp("run", "csv.exp");
    expect(exitCode).not.toBe(0);
    expect(err).toContain("list.csv");
    expect(err).toContain("lable");
  });

  it("says the reason once where many tasks fail for it", async () => {
    place.write(
      "many.exp",
      smallProgram
        .replace(/head near = .*/, "head near = knn { k: 100 }")
        .replace(/(head: .*)/, "$1\n  head.temperature: log_range(0.01, 1, 30)")
        .replace("rows: backbone, head", "rows: backbone, head, head.temperature"),
    );
    const { exitCode, err } = await place.exp("run", "many.exp", "--store", "many");
    expect(exitCode, err).toBe(1);
    const text = err.replace(/\s+/g, " ");
    expect(text.split("for the same reason").length - 1).toBe(3);
    expect(text).toMatch(/26 more tasks failed for this reason:/);
  });

  it("names the truncated image, stores the others, and computes that one alone once it is mended", async () => {
    await writeFolder("images");
    const path = join(place.folder, "images/test/b/1.png");
    const whole = readFileSync(path);
    place.write("images/test/b/1.png", whole.subarray(0, whole.length / 2));
    place.write("png.exp", program('image_folder { root: "images" }'));
    const first = await place.exp("run", "png.exp");
    expect(first.exitCode).toBe(1);
    expect(first.err).toContain("test/b/1.png");
    expect(first.out).toContain("✗");

    place.write("images/test/b/1.png", whole);
    const second = await place.exp("run", "png.exp", "--json");
    expect(second.exitCode).toBe(0);
    expect(second.out).toContain('"forwardPasses":1,');
  });

  it("names an ONNX file that is not one", async () => {
    await writeFolder("images");
    place.write("fake.onnx", "this is not a model");
    place.write("fake.exp", program('image_folder { root: "images" }', 'onnx { file: "fake.onnx" }'));
    const { exitCode, err } = await place.exp("run", "fake.exp");
    expect(exitCode).toBe(1);
    expect(err).toContain("fake.onnx");
  });
});

describe("the environment's lacks give exit 4", () => {
  it("names a store that cannot be made", async () => {
    place.write("file", "a file where a folder should be");
    place.write("small.exp", smallProgram);
    const { exitCode, err } = await place.exp("run", "small.exp", "--store", "file/store");
    expect(exitCode).toBe(4);
    expect(err).toContain("file/store");
  });

  it("says what a device lacks that it is to run on, before anything runs", async () => {
    place.write("small.exp", smallProgram);
    const { exitCode, out, err } = await place.exp("run", "small.exp", "--device", "cuda");
    expect({ exitCode, out }).toEqual({ exitCode: 4, out: "" });
    expect(err).toMatch(/^error: The device cuda cannot be used: /m);
    expect(err).toContain("exp doctor");
    expect(err).not.toContain("✓");
  });
});
