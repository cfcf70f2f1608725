import { rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { builtFrom } from "./bin/choose-build.js";

// The command line in few files, made after the compiler: loading some 400 modules one by one takes longer than all that
// `exp run` does where nothing has changed. What is native, optional or seldom needed stays a package of its own.
const packagesApart = /^(@tensorflow\/|better-sqlite3|ink|onnxruntime-|protobufjs|react|sharp)/;
const dist = (/** @type {string} */ path) => fileURLToPath(new URL(`dist/${path}`, import.meta.url));

rmSync(dist("bundle"), { recursive: true, force: true });
const bundle = await rolldown({
  input: {
    exp: dist("cli/main.js"),
    "worker-main": dist("2-execute/workers/worker-main.js"),
    "probe-main": fileURLToPath(new URL("../ops/dist/runtime/probe-main.js", import.meta.url)),
  },
  platform: "node",
  external: (id) => packagesApart.test(id),
});
await bundle.write({
  dir: dist("bundle"),
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "[name]-[hash].js",
});
await bundle.close();
const packages = fileURLToPath(new URL("..", import.meta.url));
writeFileSync(dist("bundle/built-from"), builtFrom(packages));
