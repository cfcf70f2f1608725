import { execFileSync } from "node:child_process";
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
    const [elsewhere, other] = [await createFolder(), await createFolder()];
    await mkdir(join(root, "a/b"), { recursive: true });
    for (const folder of [elsewhere, other, join(root, "a/b")]) await writeFile(join(folder, "1"), "");
    await symlink(elsewhere, join(root, "linked"));
    await symlink(other, join(root, "a/linked"));
    await symlink(join(root, "a/b/1"), join(root, "one"));
    const { files } = await listFilesBelow(root, strictly);
    expect(files).toEqual(["a/b/1", "a/linked/1", "linked/1", "one"]);
    for (const folder of [elsewhere, other]) await rm(folder, { recursive: true });
    for (const link of ["linked", "a/linked"]) await rm(join(root, link));
    await symlink(join(root, "a"), join(root, "a/b/back"));
    const error = { code: "folder-loop", message: "The link a/b/back leads back to a folder that it lies in." };
    await expect(listFilesBelow(root, strictly)).rejects.toMatchObject(error);
    await rm(join(root, "a/b/back"));
    // Through a link in between as well.
    await symlink(root, join(root, "a/b/top"));
    await expect(listFilesBelow(root, strictly)).rejects.toMatchObject({ code: "folder-loop" });
  });

  it("lists a folder once that links lead to again, by its own name, and says so", async () => {
    await mkdir(join(root, "2024/1"), { recursive: true });
    await writeFile(join(root, "2024/1/x"), "");
    for (const link of ["1", "latest"]) await symlink(join(root, "2024"), join(root, link));
    const problems: string[] = [];
    const found = await listFilesBelow(root, ({ code, message }) => problems.push(`${code}: ${message}`));
    expect(found).toEqual({ files: ["2024/1/x"], folders: ["2024", "2024/1"] });
    expect(problems).toEqual([
      "folder-twice: 2024 and 1 are one folder, by a link.",
      "folder-twice: 2024 and latest are one folder, by a link.",
    ]);
    await expect(listFilesBelow(root, strictly)).rejects.toMatchObject({ code: "folder-twice" });
  });

  it("lists no folder in two to the power of its depth", async () => {
    const chain = await createFolder();
    const depth = 30;
    for (let level = 0; level <= depth; level++) await mkdir(join(chain, String(level)));
    for (let level = 0; level < depth; level++) {
      for (const link of ["a", "b"]) await symlink(join(chain, String(level + 1)), join(chain, String(level), link));
    }
    await writeFile(join(chain, String(depth), "x"), "");
    await symlink(join(chain, "0"), join(root, "chain"));
    let problems = 0;
    const { files } = await listFilesBelow(root, () => (problems += 1));
    expect(files).toEqual([`chain/${"a/".repeat(depth)}x`]);
    expect(problems).toBe(depth);
    await rm(chain, { recursive: true });
  });

  it("stops at more folders or files than a data set has", async () => {
    for (const folder of ["a/b", "c"]) await mkdir(join(root, folder), { recursive: true });
    for (const file of ["a/1", "a/b/2", "c/3"]) await writeFile(join(root, file), "");
    const limits = { folders: 3, files: 3 };
    expect(await listFilesBelow(root, strictly, limits)).toMatchObject({
      files: { length: 3 },
      folders: { length: 3 },
    });
    for (const fewer of [{ folders: 2 }, { files: 2 }]) {
      const failure = expect(listFilesBelow(root, strictly, { ...limits, ...fewer })).rejects;
      await failure.toMatchObject({ code: "folders-too-many" });
    }
  });

  it("tells of dead links, pipes, devices and names that cannot be printed, and goes on where that is wanted", async () => {
    await symlink(join(root, "gone"), join(root, "dead"));
    await mkdir(join(root, "a"));
    await symlink(join(root, "gone"), join(root, "a/dead"));
    await symlink("/dev/null", join(root, "a/device"));
    execFileSync("mkfifo", [join(root, "pipe.dcm")]);
    await writeFile(join(root, "bell\u0007"), "");
    await writeFile(Buffer.concat([Buffer.from(join(root, "latin")), Buffer.from([0xe9])]), "");
    await writeFile(join(root, "sound"), "");
    const problems: string[] = [];
    expect((await listFilesBelow(root, ({ message }) => problems.push(message))).files).toEqual(["sound"]);
    expect(problems.sort()).toEqual([
      'A name in the root folder holds control characters: "bell\\u0007".',
      'A name in the root folder is not written in UTF-8: "latin\ufffd".',
      "The link a/dead leads nowhere.",
      "The link dead leads nowhere.",
      "a/device is neither a file nor a folder, but a pipe, a socket or a device.",
      "pipe.dcm is neither a file nor a folder, but a pipe, a socket or a device.",
    ]);
    await expect(listFilesBelow(root, strictly)).rejects.toMatchObject({ name: "OpError" });
  });
});
