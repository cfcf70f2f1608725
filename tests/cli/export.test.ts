import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkplace, smallProgram, type Workplace } from "./command-line.ts";

/** One run, whose features and predictions come back from files in other programs. */
let place: Workplace;
let table: string;
beforeAll(async () => {
  place = createWorkplace();
  place.write("small.exp", smallProgram);
  const { exitCode, out } = await place.exp("run", "small.exp");
  expect(exitCode).toBe(0);
  table = out;
  for (const what of ["features", "predictions"]) {
    expect(await place.exp("export", what, "small.exp", "--together", "--out", what)).toMatchObject({ exitCode: 0 });
  }
});
afterAll(() => {
  place.close();
});

/** Every number of a table, by its columns' order. */
function numbersOf(text: string): readonly string[] {
  return [...text.matchAll(/\b\d\.\d{3,}\b/g)].map(([number]) => number);
}

const exported = (folder: string): readonly string[] => readdirSync(join(place.folder, folder)).toSorted();

/** `small.exp` with the part between two words exchanged. */
function changed(from: string, to: string, by: string): string {
  return smallProgram.slice(0, smallProgram.indexOf(from)) + by + smallProgram.slice(smallProgram.indexOf(to));
}

describe("features and predictions, exported and brought back", () => {
  it("are one archive for each backbone, or head, and data set", () => {
    expect(exported("features")).toEqual(["extract-fine-drawn.npz"]);
    expect(exported("predictions")).toEqual(["knn-near-fine-drawn.npz", "predict-logit-fine-drawn.npz"]);
  });

  it("features give the very numbers of the backbone that made them", async () => {
    const features = `backbone fine = features { file: "features/extract-fine-drawn.npz" }\n\n`;
    place.write("features.exp", changed("backbone fine", "head near", features));
    const { exitCode, out, err } = await place.exp("run", "features.exp", "--store", "of-features");
    expect(err).not.toContain("failed");
    expect(exitCode).toBe(0);
    expect(numbersOf(out)).toEqual(numbersOf(table));
    expect(numbersOf(out).length).toBeGreaterThanOrEqual(4);
  });

  it("features go out again as they came in, and the store that has them is whole and is swept", async () => {
    const again = await place.exp(
      "export",
      "features",
      "features.exp",
      "--store",
      "of-features",
      "--out",
      "again",
      "--together",
    );
    expect(again).toMatchObject({ exitCode: 0 });
    expect(exported("again")).toEqual(["features-fine-drawn.npz"]);
    const bytesOf = (path: string): Buffer => readFileSync(join(place.folder, path));
    expect(bytesOf("again/features-fine-drawn.npz").equals(bytesOf("features/extract-fine-drawn.npz"))).toBe(true);
    expect(await place.exp("cache", "verify", "--store", "of-features")).toMatchObject({ exitCode: 0 });
    const swept = await place.exp("cache", "gc", "features.exp", "--store", "of-features");
    expect(swept).toMatchObject({ exitCode: 0 });
  });

  it("predictions need no backbone, and are marked under the table", async () => {
    const heads = ["knn-near", "predict-logit"].map(
      (name, at) => `head ${["near", "logit"][at]!} = predictions { file: "predictions/${name}-fine-drawn.npz" }\n`,
    );
    const program = changed("backbone fine", "sweep all", `${heads.join("")}\n`)
      .replace("  backbone: [fine]\n", "")
      .replace("rows: backbone, head", "rows: head");
    place.write("predictions.exp", program);
    const { exitCode, out, err } = await place.exp("run", "predictions.exp", "--store", "of-predictions");
    expect(err).not.toContain("failed");
    expect(exitCode).toBe(0);
    expect(numbersOf(out)).toEqual(numbersOf(table));
    expect(out).toMatch(/near: Predictions come from a file \(SHA-256 [0-9a-f]{12}\): not reproducible here\./);
  });

  it("a row that is missing fails the task with its name", async () => {
    place.write(
      "more.exp",
      readFileSync(join(place.folder, "predictions.exp"), "utf8").replace("test: 60", "test: 61"),
    );
    const { exitCode, err } = await place.exp("run", "more.exp", "--store", "of-predictions");
    expect(exitCode).toBe(1);
    expect(err).toContain("has no row for 1 of the 61 examples of this split");
  });
});

describe("exp export splits", () => {
  it("lists the examples of each split by digest, and by id only where that is asked for", async () => {
    const { exitCode, out } = await place.exp("export", "splits", "small.exp", "--out", "splits");
    expect([exitCode, out]).toEqual([0, "splits/drawn.csv\n"]);
    const lines = readFileSync(join(place.folder, "splits/drawn.csv"), "utf8").trimEnd().split("\n");
    expect(lines[0]).toBe("split,shots,draw,digest,label");
    expect(lines.filter((line) => line.startsWith("train,"))).toHaveLength(60);
    expect(lines.filter((line) => line.startsWith("test,"))).toHaveLength(60);
    for (const line of lines.slice(1)) expect(line).toMatch(/^(train|test),,,[0-9a-f]{64},\w+$/);

    await place.exp("export", "splits", "small.exp", "--out", "named", "--include-identifiers");
    const named = readFileSync(join(place.folder, "named/drawn.csv"), "utf8").split("\n");
    expect(named[0]).toBe("split,shots,draw,digest,id,label");
    expect(named.slice(1).map((line) => line.split(",").toSpliced(4, 1).join(","))).toEqual([...lines.slice(1), ""]);
  });

  it("lists an image once by its own label, whatever its mirrored views are labelled as", async () => {
    const pairs = 'size: 64, views: 1, mirror_pairs: [["healthy", "lesion"]] }';
    place.write("mirrored.exp", smallProgram.replace("size: 64 }", pairs).replace("[near, logit]", "near"));
    expect(await place.exp("run", "mirrored.exp")).toMatchObject({ exitCode: 0 });
    await place.exp("export", "splits", "mirrored.exp", "--out", "mirrored");
    const [mirrored, plain] = ["mirrored", "splits"].map((folder) =>
      readFileSync(join(place.folder, folder, "drawn.csv"), "utf8"),
    );
    expect(mirrored).toBe(plain);
  });

  it("has a table for each draw", async () => {
    place.write(
      "few.exp",
      smallProgram
        .replace("size: 64 }", "size: 64, shots: 2 }")
        .replace("head: [near, logit]", "head: logit\n  dataset.draw: [0, 1]"),
    );
    expect(await place.exp("run", "few.exp")).toMatchObject({ exitCode: 0 });
    await place.exp("export", "splits", "few.exp", "--out", "few");
    expect(exported("few")).toEqual(["drawn-shots=2-draw=0.csv", "drawn-shots=2-draw=1.csv", "drawn.csv"]);
    const read = (name: string): readonly string[] =>
      readFileSync(join(place.folder, "few", name), "utf8")
        .trimEnd()
        .split("\n")
        .slice(1);
    const draws = [0, 1].map((draw) => read(`drawn-shots=2-draw=${String(draw)}.csv`));
    draws.forEach((rows, draw) => {
      expect(rows.every((row) => row.startsWith(`train,2,${String(draw)},`))).toBe(true);
      const labels = rows.map((row) => row.split(",").at(-1));
      expect(new Set(labels).size * 2).toBe(rows.length);
    });
    expect(draws[0]).not.toEqual(draws[1]);
    expect(read("drawn.csv").every((row) => row.startsWith("test,,,"))).toBe(true);
  });
});
