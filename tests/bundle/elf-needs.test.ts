import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { readElfNeeds } from "../../tools/bundle/elf-needs.js";

const require = createRequire(new URL("../../packages/runner/package.json", import.meta.url));
const addon = require.resolve("better-sqlite3/build/Release/better_sqlite3.node");
const isLinux = process.platform === "linux" && process.arch === "x64";
const hasReadelf = isLinux && spawnSync("readelf", ["--version"]).status === 0;

it.runIf(hasReadelf).each([process.execPath, addon])("%s: the same as readelf says", (file) => {
  const readelf = (option: string): string =>
    spawnSync("readelf", [option, "--wide", file], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
      maxBuffer: 1e8,
    }).stdout;
  const libraries = [...readelf("--dynamic").matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name]) => name);
  const versions = [...readelf("--version-info").matchAll(/Name: (\S+) {2}Flags: \S+ {2}Version: \d+/g)].map(
    ([, name]) => name,
  );

  const needs = readElfNeeds(readFileSync(file));
  expect(libraries.length).toBeGreaterThan(2);
  expect(needs?.libraries).toEqual(libraries);
  expect([...(needs?.versions ?? [])].sort()).toEqual(versions.filter((name) => name !== undefined).sort());
});

it("a file of another kind has none", () => {
  expect(readElfNeeds(Buffer.from("#!/bin/sh\n"))).toBeNull();
  expect(readElfNeeds(readFileSync(import.meta.filename))).toBeNull();
});
