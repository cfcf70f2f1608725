// Compiles pixels.ts into src/images/pixel-module.ts: node packages/ops/wasm/build.mjs (the test of that file repeats it).
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const source = new URL("pixels.ts", import.meta.url);
const target = new URL("../src/images/pixel-module.ts", import.meta.url);

/** The text of pixel-module.ts. */
export async function compile() {
  const { default: asc } = await import("assemblyscript/asc");
  let module;
  const { error, stderr } = await asc.main(
    ["pixels.ts", "--outFile", "pixels.wasm", "--optimizeLevel", "3", "--runtime", "stub", "--enable", "simd"],
    {
      readFile: (name) => (name === "pixels.ts" ? readFileSync(source, "utf8") : null),
      writeFile: (name, contents) => {
        if (name === "pixels.wasm") module = contents;
      },
    },
  );
  if (error !== null) throw new Error(`${error.message}\n${stderr.toString()}`);
  const base64 = Buffer.from(module).toString("base64");
  return `// Made by packages/ops/wasm/build.mjs from pixels.ts; do not edit.\nexport const pixelModule =\n  "${base64}";\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) writeFileSync(target, await compile());
