import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { listFiles } from "./runtime-files.js";

const imports = /^import\s(?:[^;"]*?\sfrom\s)?"([^"./][^"]*)";|\bimport\("([^"./][^"]*)"/gm;

/**
 * The packages that the files of a bundle still load by name: what was kept apart when it was made.
 *
 * @param {string} bundle
 * @returns {ReadonlySet<string>}
 */
export function apartNames(bundle) {
  const names = listFiles(bundle)
    .filter((file) => file.endsWith(".js"))
    .flatMap((file) => [...readFileSync(join(bundle, file), "utf8").matchAll(imports)])
    .map(([, always, late]) => always ?? late ?? "")
    .filter((name) => !isBuiltin(name))
    .map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );
  return new Set(names);
}
