import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorkplace, smallProgram, type Workplace } from "./command-line.ts";

let place: Workplace;
beforeEach(async () => {
  place = createWorkplace();
  await writeData("data");
  place.write("shared.exp", shared);
  place.write("two.exp", program);
});
afterEach(() => {
  place.close();
});

/** A declaration of another file, from which the program derives one. */
const shared = `exp 1
param data = env("SCANS", "nowhere")
dataset scans = image_folder { root: "\${data}/scans" }
`;

const program = `exp 1
import "shared.exp"
param lists = "data"
dataset derived = scans { classes: ["b", "a"] }
dataset listed = csv {
  file: "\${lists}/list.csv", root: "\${data}/scans"
  path: "path", label: "label", split: "split"
}
backbone net = vit { weights: random(1), image_size: 16, patch_size: 8, width: 16, depth: 1, heads: 1 }
head near = knn { k: 1 }
sweep all {
  dataset: [derived, listed, image_folder { root: data }]
  backbone: net
  head: near
}
table "T" { from: all  rows: dataset  cells: test.accuracy }
`;

const images = ["train/a/0.png", "train/b/0.png", "test/a/1.png", "test/b/1.png"];

/** Two folders of images, one in the other's place for splits, and a list of them. */
async function writeData(folder: string): Promise<void> {
  for (const [index, name] of images.entries()) {
    const pixels = Uint8Array.from({ length: 256 }, (_, pixel) => (pixel * (index * 3 + 1)) % 256);
    const png = await sharp(pixels, { raw: { width: 16, height: 16, channels: 1 } })
      .png()
      .toBuffer();
    for (const root of [folder, `${folder}/scans`]) {
      mkdirSync(join(place.folder, root, name, ".."), { recursive: true });
      place.write(join(root, name), png);
    }
  }
  const rows = images.map((name) => name.replace(/^(\w+)\/(\w)\/.*/, "$&,$2,$1"));
  place.write(`${folder}/list.csv`, `path,label,split\n${rows.join("\n")}\n`);
}

const lockFile = (): string => readFileSync(join(place.folder, "two.lock"), "utf8");
const set = ["--set", "data=data"] as const;

describe("exp lock", () => {
  it("pins what every declaration reads, in the program's own words", async () => {
    const { exitCode, out } = await place.exp("lock", "two.exp", ...set);
    expect(exitCode).toBe(0);
    expect(out).toContain("two.lock: 4 entries");
    expect(out).toContain("  + dataset listed, file: ${lists}/list.csv\n");
    const { version, files } = JSON.parse(lockFile()) as { version: number; files: readonly unknown[] };
    expect(version).toBe(1);
    const digest = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
    const bytes = expect.any(Number) as number;
    expect(files).toEqual([
      { declaration: "dataset derived", parameter: "root", written: "${data}/scans", count: 4, bytes, sha256: digest },
      { declaration: "dataset listed", parameter: "file", written: "${lists}/list.csv", bytes: 101, sha256: digest },
      { declaration: "dataset listed", parameter: "root", written: "${data}/scans", count: 4, bytes, sha256: digest },
      { declaration: "sweep all", parameter: "root", written: "${data}", count: 4, bytes, sha256: digest },
    ]);
  });

  it("writes the same bytes wherever the files lie, and nothing that comes from outside the program", async () => {
    await place.exp("lock", "two.exp", ...set);
    const first = lockFile();
    renameSync(join(place.folder, "data"), join(place.folder, "secret-place"));
    const elsewhere = join(place.folder, "secret-place");
    const { exitCode } = await place.shell(
      `SCANS=${elsewhere} exp lock two.exp --set lists=${elsewhere} --store other`,
    );
    expect(exitCode).toBe(0);
    expect(lockFile()).toBe(first);
    expect(first).not.toContain("secret-place");
    expect(first).not.toContain(place.folder);
  });

  it("tells everything as JSON", async () => {
    await place.exp("lock", "two.exp", ...set);
    appendFileSync(join(place.folder, "data/list.csv"), "\n");
    const { exitCode, out } = await place.exp("lock", "two.exp", "--check", "--json", ...set);
    expect(exitCode).toBe(1);
    const { version, lock, files, changed, unknown, gone } = JSON.parse(out) as Record<string, readonly unknown[]>;
    expect({ version, lock, unknown, gone }).toEqual({ version: 1, lock: "two.lock", unknown: [], gone: [] });
    expect(files).toHaveLength(4);
    expect(changed).toMatchObject([
      { now: { bytes: 102 }, locked: [{ bytes: 101 }], origin: { file: "two.exp", line: 6 } },
    ]);
  });

  it("has nothing to lock where a program reads no file", async () => {
    place.write("small.exp", smallProgram);
    for (const argv of [
      ["lock", "small.exp"],
      ["lock", "small.exp", "--check"],
    ]) {
      expect(await place.exp(...argv)).toMatchObject({
        exitCode: 0,
        out: "small.exp reads no file: there is nothing to lock.\n",
      });
    }
    expect(existsSync(join(place.folder, "small.lock"))).toBe(false);
  });

  it("says which file is missing", async () => {
    const { exitCode, err } = await place.exp("lock", "two.exp", ...set, "--set", "lists=none");
    expect(exitCode).toBe(2);
    expect(err).toContain("The file none/list.csv does not exist. (needed at two.exp:5)");
  });
});

describe("exp lock --check", () => {
  it("agrees with a fresh lock, and asks for one where there is none", async () => {
    expect(await place.exp("lock", "two.exp", "--check", ...set)).toMatchObject({
      exitCode: 1,
      out: "There is no two.lock yet: `exp lock two.exp` writes it.\n",
    });
    await place.exp("lock", "two.exp", ...set);
    const { exitCode, out } = await place.exp("lock", "two.exp", "--check", ...set);
    expect({ exitCode, out }).toEqual({
      exitCode: 0,
      out: expect.stringMatching(/^two\.lock: 4 entries, .*, as locked\.\n$/) as string,
    });
  });

  it("names what has changed, what is new and what is gone, and writes nothing", async () => {
    await place.exp("lock", "two.exp", ...set);
    const before = lockFile();
    appendFileSync(join(place.folder, "data/scans/train/a/0.png"), "more");
    place.write("two.exp", program.replace("dataset listed", "dataset tabled").replace("listed,", "tabled,"));
    const { exitCode, out } = await place.exp("lock", "two.exp", "--check", ...set);
    expect(exitCode).toBe(1);
    expect(out).toMatch(
      /^shared\.exp:3: dataset derived, root: \$\{data\}\/scans leads to other files than those that two\.lock holds\.\n {2}locked {2}4 files, .*\n {2}now {5}4 files, .*, at data\/scans\n/,
    );
    expect(out).toContain("two.lock does not know dataset tabled, file: ${lists}/list.csv.\n");
    expect(out).toContain("two.lock holds dataset listed, file: ${lists}/list.csv, which the program does not read.\n");
    expect(lockFile()).toBe(before);
  });
});

describe("a program with a lock", () => {
  it("runs on the files that are locked, and neither plans nor runs on others until they are accepted", async () => {
    await place.exp("lock", "two.exp", ...set);
    const first = await place.exp("run", "two.exp", ...set);
    expect(first).toMatchObject({ exitCode: 0, err: expect.not.stringContaining("two.lock") as string });

    appendFileSync(join(place.folder, "data/list.csv"), "\n");
    appendFileSync(join(place.folder, "data/train/b/0.png"), "more");
    for (const command of ["plan", "run"]) {
      const { exitCode, out, err } = await place.exp(command, "two.exp", ...set);
      expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
      expect(err).toMatch(
        /two\.exp:6: dataset listed, file: \$\{lists\}\/list\.csv is not the file that two\.lock holds\.\n {2}locked {2}101 B, sha256 [0-9a-f]{16}…\n {2}now {5}102 B, sha256 [0-9a-f]{16}…, at data\/list\.csv\n/,
      );
      expect(err).toContain(
        "two.exp:12: sweep all, root: ${data} leads to other files than those that two.lock holds.",
      );
      expect(err).toContain("Run `exp lock two.exp` to accept what is there now, or put back what was locked.");
      expect(err).not.toContain("dataset derived");
    }

    const accepted = await place.exp("lock", "two.exp", ...set);
    expect(accepted.out).toContain("  ~ dataset listed, file: ${lists}/list.csv\n");
    expect(accepted.out).toContain("    dataset derived, root: ${data}/scans\n");
    expect(await place.exp("plan", "two.exp", ...set)).toMatchObject({ exitCode: 0, err: "" });
  });

  it("refuses no file that the lock does not know, but says so on standard error", async () => {
    await place.exp("lock", "two.exp", ...set);
    place.write("two.exp", program.replace("derived, listed", "derived, scans, listed"));
    const note = "! two.lock does not know dataset scans, root: ${data}/scans: `exp lock two.exp` adds it.\n";
    expect(await place.exp("plan", "two.exp", ...set)).toMatchObject({ exitCode: 0, err: note });
    const { exitCode, out, err } = await place.exp("run", "two.exp", ...set);
    expect(exitCode).toBe(0);
    expect(out).toContain("scans");
    expect(err.split(note)).toHaveLength(2);
  });

  it("is told where its lock cannot be read, and can be locked anew", async () => {
    await place.exp("lock", "two.exp", ...set);
    const whole = lockFile();
    for (const broken of [
      "<<<<<<< ours\n",
      "[]",
      whole.replace('"version": 1', '"version": 2'),
      whole.replace(/[0-9a-f]{64}/, ""),
    ]) {
      place.write("two.lock", broken);
      for (const argv of [
        ["plan", "two.exp"],
        ["lock", "two.exp", "--check"],
      ]) {
        const { exitCode, err } = await place.exp(...argv, ...set);
        expect({ exitCode, err }).toEqual({
          exitCode: 2,
          err: expect.stringContaining("two.lock is no lock file of this version.") as string,
        });
      }
    }
    await place.exp("lock", "two.exp", ...set);
    expect(lockFile()).toBe(whole);
  });
});
