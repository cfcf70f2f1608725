#!/usr/bin/env node
import { fileURLToPath, pathToFileURL } from "node:url";
import { chooseBuild } from "./choose-build.js";

// Committed and free of logic: npm links a bin only where its file exists at install time, which is before the build.
const built = chooseBuild(fileURLToPath(new URL("../..", import.meta.url)));
if (built === null) {
  console.error(
    `exp is not built yet: run \`npm run build\` in ${fileURLToPath(new URL("../../..", import.meta.url))}`,
  );
  process.exit(4);
}
const { main } = await import(pathToFileURL(built).href);
process.exitCode = await main(process.argv.slice(2));
