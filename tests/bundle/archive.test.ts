import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chooseNode } from "../../tools/bundle/choose-node.js";
import { archiveName, makeFolder } from "../../tools/bundle/make-folder.js";
import { listFiles } from "../../tools/bundle/runtime-files.js";
import { tarArguments } from "../../tools/bundle/write-archive.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { readonly version: string };
const isLinux = process.platform === "linux" && process.arch === "x64";

/** What is packed, before it is compressed; `.ci/run` makes the archive itself and unpacks it. */
describe.runIf(isLinux)("the archive for machines without a registry", () => {
  const scratch = mkdtempSync(join(tmpdir(), "exp-archive-"));
  const folder = join(scratch, archiveName(repository));
  let made: { readonly status: number | null; readonly stdout: string; readonly stderr: string };
  let files: readonly string[] = [];

  beforeAll(() => {
    made = spawnSync(
      process.execPath,
      [join(repository, "tools/bundle/main.js"), "--folder", "--check", "--out", scratch],
      { encoding: "utf8" },
    );
    if (made.status === 0) files = listFiles(folder);
  }, 180_000);
  afterAll(() => {
    rmSync(scratch, { recursive: true, force: true });
  });

  it("runs the quickstart in an empty root", () => {
    expect(made).toMatchObject({ status: 0, stderr: "" });
    expect(made.stdout).toMatch(/exp run \.\/experiments\/quickstart\.exp --store \.\/store {2}\d/);
  });

  it("holds the native files of Linux x64 alone, and nothing that is not loaded", () => {
    expect(files.filter((file) => /\.(?:node|so[.\d]*)$/.test(file)).map((file) => basename(file))).toEqual([
      expect.stringMatching(/^libvips-cpp\.so\./) as string,
      expect.stringMatching(/^sharp-linux-x64-.*\.node$/) as string,
      "better_sqlite3.node",
      "libonnxruntime.so.1",
      "onnxruntime_binding.node",
    ]);
    const unwanted = /\.(?:map|tsx?|mts|cts|cc|h|gyp|dll|dylib)$|\/tests?\/|@tensorflow|prebuild-install/;
    expect(files.filter((file) => unwanted.test(file))).toEqual([]);
  });

  it("names every package in it with its licence", () => {
    const notices = readFileSync(join(folder, "licences/NOTICES.txt"), "utf8");
    const packed = files
      .filter((file) => /node_modules\/(?:@[^/]+\/)?[^/@]+\/package\.json$/.test(file) && !file.includes("@exp-lab/"))
      .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as { name: string; version: string });
    expect(packed.length).toBeGreaterThan(20);
    expect(packed.filter(({ name, version }) => !notices.includes(`\n${name} ${version} (`))).toEqual([]);
    // And what is only within the bundle.
    expect(notices).toMatch(/^chevrotain \d/m);
    expect(readFileSync(join(folder, "node/LICENSE"), "utf8")).toContain("Node.js");
  });

  it("starts through links, from any folder", () => {
    symlinkSync(join(basename(folder), "bin/exp"), join(scratch, "near"));
    symlinkSync("near", join(scratch, "far"));
    const env = { PATH: "/nonexistent", CDPATH: "/" };
    expect(spawnSync("./far", ["--version"], { cwd: scratch, env, encoding: "utf8" })).toMatchObject({
      stdout: `${version}\n`,
    });
    expect(
      spawnSync("/bin/sh", ["exp", "--version"], { cwd: join(folder, "bin"), env, encoding: "utf8" }),
    ).toMatchObject({ stdout: `${version}\n` });
  });

  it("is the same to the last byte when it is made again, whatever the umask", () => {
    const again = join(scratch, "again", basename(folder));
    const umask = process.umask(0o077);
    try {
      makeFolder(repository, again, chooseNode(process.execPath));
    } finally {
      process.umask(umask);
    }
    expect(hashOfTar(again)).toBe(hashOfTar(folder));
  });
});

function hashOfTar(folder: string): string {
  const { status, stdout } = spawnSync("tar", tarArguments(folder), { maxBuffer: 1e9 });
  expect(status).toBe(0);
  return createHash("sha256").update(stdout).digest("hex");
}
