import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The file to load of the packages built in a folder: the bundle where it was made from the very build that lies there, the
 * compiled modules where they were built anew without it, null where nothing is built.
 *
 * @param {string} packages
 * @returns {string | null}
 */
export function chooseBuild(packages) {
  const dist = join(packages, "runner/dist");
  if (!existsSync(join(dist, "cli/main.js"))) return null;
  return isBundleOfBuild(packages, dist) ? join(dist, "bundle/exp.js") : join(dist, "cli/main.js");
}

/**
 * What tells one build of the packages from another: TypeScript notes the hash of every source file in these.
 *
 * @param {string} packages
 * @returns {string}
 */
export function builtFrom(packages) {
  const hash = createHash("sha256");
  for (const name of ["dsl", "ops", "runner"]) hash.update(readFileSync(join(packages, name, "dist/.tsbuildinfo")));
  return hash.digest("hex");
}

/**
 * @param {string} packages
 * @param {string} dist
 * @returns {boolean}
 */
function isBundleOfBuild(packages, dist) {
  try {
    return readFileSync(join(dist, "bundle/built-from"), "utf8") === builtFrom(packages);
  } catch {
    return false;
  }
}
