import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

it("is what its source compiles to", async () => {
  const { compile } = (await import(new URL("../../wasm/build.mjs", import.meta.url).href)) as {
    compile: () => Promise<string>;
  };
  expect(readFileSync(new URL("pixel-module.ts", import.meta.url), "utf8")).toBe(await compile());
});
