#!/usr/bin/env node
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

// Committed and free of logic: npm links a bin only where its file exists at install time, which is before the build.
const built = new URL("../dist/cli/main.js", import.meta.url);
if (!existsSync(built)) {
  console.error(
    `exp is not built yet: run \`npm run build\` in ${fileURLToPath(new URL("../../..", import.meta.url))}`,
  );
  process.exit(4);
}
const { main } = await import(built.href);
process.exitCode = await main(process.argv.slice(2));
