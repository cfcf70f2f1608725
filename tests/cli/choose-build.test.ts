import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const packages = ["dsl", "ops", "runner"] as const;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "exp-builds-"));
  const runner = fileURLToPath(new URL("../../packages/runner", import.meta.url));
  cpSync(join(runner, "bin"), join(folder, "packages/runner/bin"), { recursive: true });
  cpSync(join(runner, "package.json"), join(folder, "packages/runner/package.json"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("the bundle of the present build is loaded", () => {
  build("first");
  bundle();
  expect(run()).toEqual({ status: 0, said: "bundle\n" });
});

test("a bundle of an earlier build is not loaded, whichever package was built anew", () => {
  for (const name of packages) {
    build("first");
    bundle();
    write(`packages/${name}/dist/.tsbuildinfo`, "second");
    expect(run(), name).toEqual({ status: 0, said: "modules\n" });
  }
});

test("where no bundle was made, the compiled modules are loaded", () => {
  build("first");
  expect(run()).toEqual({ status: 0, said: "modules\n" });
});

test("where nothing is built, the command says what to do", () => {
  const { status, said } = run();
  expect(status).toBe(4);
  expect(said).toContain(`exp is not built yet: run \`npm run build\` in ${folder}`);
});

/** Writes what the compiler would leave of three packages built from the sources named so. */
function build(sources: string): void {
  for (const name of packages) write(`packages/${name}/dist/.tsbuildinfo`, sources);
  write("packages/runner/dist/cli/main.js", speaking("modules"));
}

function bundle(): void {
  const hash = createHash("sha256");
  for (const name of packages) hash.update(readFileSync(join(folder, `packages/${name}/dist/.tsbuildinfo`)));
  write("packages/runner/dist/bundle/exp.js", speaking("bundle"));
  write("packages/runner/dist/bundle/built-from", hash.digest("hex"));
}

function speaking(word: string): string {
  return `export async function main() { console.log(${JSON.stringify(word)}); return 0; }\n`;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function run(): { readonly status: number | null; readonly said: string } {
  const script = join(folder, "packages/runner/bin/exp.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8" });
  return { status, said: stdout + stderr };
}
