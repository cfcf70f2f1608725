import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFolder } from "../../../../tests/ops/dataset-testing.ts";
import type { OpError } from "../op-error.ts";
import { listFilesBelow } from "./slice-files.ts";

let root: string;
beforeEach(async () => {
  root = await createFolder();
});
afterEach(() => rm(root, { recursive: true }));

const strictly = (problem: OpError): never => {
  throw problem;
};

describe("listFilesBelow", () => {
  it("lists files and folders at any depth by code unit, hidden ones aside", async () => {
    for (const folder of ["b/c/d", "B", "é", ".git", "__MACOSX"]) await mkdir(join(root, folder), { recursive: true });
    for (const file of ["b/c/d/2", "b/c/d/10", "b.dcm", "B/x", "é/y", ".DS_Store", ".git/z", "__MACOSX/z"]) {
      await writeFile(join(root, file), "");
    }
    expect(await listFilesBelow(root, strictly)).toEqual({
      files: ["B/x", "b.dcm", "b/c/d/10", "b/c/d/2", "é/y"],
      folders: ["B", "b", "b/c", "b/c/d", "é"],
    });
  });

  it("follows links, but not round in circles", async () => {
    await mkdir(join(root, "a/b"), { recursive: true });
    await writeFile(join(root, "a/b/1"), "");
    await symlink(join(root, "a/b"), join(root, "linked"));
    await symlink(join(root, "a/b/1"), join(root, "one"));
    expect((await listFilesBelow(root, strictly)).files).toEqual(["a/b/1", "linked/1", "one"]);
    await symlink(join(root, "a"), join(root, "a/b/back"));
    const error = { code: "folder-loop", message: "The link a/b/back leads back to a folder that it lies in." };
    await expect(listFilesBelow(root, strictly)).rejects.toMatchObject(error);
    await rm(join(root, "a/b/back"));
    // Through a link in between as well.
    await symlink(root, join(root, "a/b/top"));
    await expect(listFilesBelow(root, strictly)).rejects.toMatchObject({ code: "folder-loop" });
  });

  it("tells of links that lead nowhere and of names that cannot be printed, and goes on where that is wanted", async () => {
    await symlink(join(root, "gone"), join(root, "dead"));
    await writeFile(join(root, "bell\u0007"), "");
    await writeFile(join(root, "sound"), "");
    const problems: string[] = [];
    expect((await listFilesBelow(root, ({ message }) => problems.push(message))).files).toEqual(["sound"]);
    expect(problems.sort()).toEqual([
      'A name in the root folder holds control characters: "bell\\u0007".',
      "The link dead leads nowhere.",
    ]);
    await expect(listFilesBelow(root, strictly)).rejects.toMatchObject({ name: "OpError" });
  });
});
