import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { builtinOps } from "../builtin-ops.ts";
import { extract } from "../extraction/extract.ts";
import { decoderLibraries } from "./decoder-libraries.ts";

const reading = builtinOps.filter(({ signature }) => "on_error" in signature.params);

test("holds every package that a reader of images loads", () => {
  const folders = ["./", "../images/"].map((name) => fileURLToPath(new URL(name, import.meta.url)));
  const sources = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.includes("-testing"))
      .map((name) => readFileSync(folder + name, "utf8")),
  );
  const named = sources.flatMap((text) =>
    [...text.matchAll(/(?:from |import\(|resolve\()"((?:@[^/"]+\/)?[^./"][^/"]*)/g)].map(([, name]) => name!),
  );
  const packages = new Set(named.filter((name) => !name.startsWith("node:")));
  expect([...packages].sort()).toEqual([...decoderLibraries].sort());
});

test("is what features hang on", () => {
  expect(extract.libraries).toEqual(expect.arrayContaining([...decoderLibraries]));
});

test("is what an index hangs on that leaves out what cannot be decoded", () => {
  expect(reading.length).toBeGreaterThanOrEqual(10);
  for (const op of reading) {
    expect(op.librariesFor?.({ on_error: "skip" }), op.signature.name).toEqual(decoderLibraries);
    expect(op.librariesFor?.({ on_error: "stop" }), op.signature.name).toEqual([]);
  }
});
