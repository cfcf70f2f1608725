import { execFileSync } from "node:child_process";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFolder } from "../../../../tests/ops/dataset-testing.ts";
import { describeRoot, walkFolders } from "./walk-folders.ts";

let root: string;
beforeEach(async () => {
  root = await createFolder();
});
afterEach(() => rm(root, { recursive: true }));

const takes = (name: string): boolean => name.startsWith("image");

describe("walkFolders", () => {
  test("reads folders down to its depth, in the order of names, and looks into nothing that it takes", async () => {
    await mkdir(join(root, "b/deep/deeper"), { recursive: true });
    await mkdir(join(root, "a/image-folder/inside"), { recursive: true });
    for (const name of ["list.csv", "image-2", "a/image-1", "b/deep/image-3", "b/deep/deeper/image-4"])
      await write(name);
    expect(await walkFolders(root, { depth: 2, takes })).toEqual([
      { folder: "", taken: ["image-2"], files: ["list.csv"], folders: ["a", "b"] },
      { folder: "a", taken: ["image-1", "image-folder"], files: [], folders: [] },
      { folder: "b", taken: [], files: [], folders: ["deep"] },
      { folder: "b/deep", taken: ["image-3"], files: [], folders: ["deeper"] },
    ]);
  });

  test("follows links, and passes over dead ones, hidden names and those that cannot be printed", async () => {
    await mkdir(join(root, "real"));
    await mkdir(join(root, ".cache"));
    await mkdir(join(root, "__MACOSX"));
    await mkdir(join(root, "odd\u0007"));
    await write("real/image-1");
    await symlink(join(root, "real"), join(root, "linked"));
    await symlink(join(root, "nowhere"), join(root, "dead"));
    const walked = await walkFolders(root, { depth: 1, takes });
    expect(walked.map(({ folder, taken }) => [folder, taken])).toEqual([
      ["", []],
      ["linked", ["image-1"]],
      ["real", ["image-1"]],
    ]);
  });

  test.skipIf(process.platform === "win32")(
    "passes over pipes and devices, which nobody could read to their end",
    async () => {
      for (const name of ["image-1", "list.csv"]) execFileSync("mkfifo", [join(root, name)]);
      await symlink("/dev/zero", join(root, "other.csv"));
      await write("image-2");
      expect(await walkFolders(root, { depth: 1, takes })).toEqual([
        { folder: "", taken: ["image-2"], files: [], folders: [] },
      ]);
    },
  );

  test("refuses a root that is not there, and one with more folders than a data set has", async () => {
    await expect(walkFolders(join(root, "gone"), { depth: 1, takes })).rejects.toMatchObject({
      code: "folder-unreadable",
      message: expect.stringContaining("(ENOENT)") as string,
    });
    for (let index = 0; index < 5001; index++) await mkdir(join(root, String(index)));
    await expect(walkFolders(root, { depth: 1, takes })).rejects.toMatchObject({ code: "folders-too-many" });
  });
});

describe("describeRoot", () => {
  test("names folders first, and no more than a few", async () => {
    expect(describeRoot(await walkFolders(root, { depth: 0, takes }))).toBe("nothing");
    await mkdir(join(root, "z"));
    for (let index = 0; index < 9; index++) await write(`${index}.csv`);
    expect(describeRoot(await walkFolders(root, { depth: 0, takes }))).toBe(
      "z/, 0.csv, 1.csv, 2.csv, 3.csv, 4.csv, 5.csv, 6.csv and 2 more",
    );
  });
});

function write(name: string): Promise<void> {
  return writeFile(join(root, name), "");
}
