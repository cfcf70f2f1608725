import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { builtFrom } from "../../packages/runner/bin/choose-build.js";
import { chooseNode } from "../../tools/bundle/choose-node.js";
import { readBuild } from "../../tools/bundle/read-build.js";

let repository: string;

beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), "exp-refusals-"));
});
afterEach(() => {
  rmSync(repository, { recursive: true, force: true });
});

it("packs nothing where nothing is built", () => {
  expect(() => readBuild(repository)).toThrow("Nothing is built: run `npm run build` first.");
});

it("packs what was built from the sources as they are", () => {
  build();
  expect(readBuild(repository)).toBe(join(repository, "packages/runner/dist/bundle"));
});

it("packs nothing where a source was changed or removed after the build", () => {
  build();
  write("packages/ops/src/index.ts", "export const changed = true;\n");
  expect(() => readBuild(repository)).toThrow("The build is older than packages/ops/src/index.ts: run `npm run build`");
  build();
  rmSync(join(repository, "packages/dsl/src/index.ts"));
  expect(() => readBuild(repository)).toThrow("The build is older than packages/dsl/src/index.ts");
});

it("packs nothing where the packages were compiled without their bundle", () => {
  build();
  write("packages/runner/dist/bundle/built-from", "another build");
  expect(() => readBuild(repository)).toThrow("compiled without their bundle: run `npm run build` first.");
});

it("takes no Node but one that runs here", () => {
  write("node", "");
  expect(() => chooseNode(join(repository, "node"))).toThrow(/node is no Node that runs here/);
});

/** What a build leaves, as far as it is looked at. */
function build(): void {
  for (const name of ["dsl", "ops", "runner"]) {
    const text = `export const name = "${name}";\n`;
    const version = createHash("sha256").update(text).digest("hex");
    write(`packages/${name}/src/index.ts`, text);
    const notes = { fileNames: ["../src/index.ts"], fileInfos: [{ version }] };
    write(`packages/${name}/dist/.tsbuildinfo`, JSON.stringify(notes));
  }
  write("packages/runner/dist/cli/main.js", "");
  write("packages/runner/dist/bundle/built-from", builtFrom(join(repository, "packages")));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(repository, path)), { recursive: true });
  writeFileSync(join(repository, path), text);
}
