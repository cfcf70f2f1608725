import { readdirSync } from "node:fs";
import { basename, join, relative } from "node:path";

/** What Node loads, and the libraries that such files load in turn. Types, maps, sources and pages are all something else. */
const loadable = /\.(?:[cm]?js|json|node|wasm|so(?:\.\d+)*)$/;

/** Left over from a compilation, or of the package's own tests and pages: no package loads these when it is used. */
const aside = /(?:^|\/)(?:__tests__|tests?|docs?|examples?|benchmarks?|obj|obj\.target|\.[^/]*)\//;
const asideFile = /(?:^|\/)(?:tsconfig[^/]*\.json|test_[^/]*\.node|[^/]*\.test\.[cm]?js)$/;

/** Such as in `bin/napi-v6/darwin/arm64/onnxruntime_binding.node`: what Node calls other systems and processors. */
const otherMachines = new Set([
  ...["aix", "android", "darwin", "freebsd", "openbsd", "sunos", "win32"],
  ...["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x"],
]);

/** Of these packages one part alone is ever loaded: codecs without what goes with them, one build of several. */
const usedParts = new Map([
  ["dcmjs-codecs", /\.wasm$|^package\.json$/],
  ["h5wasm", /^dist\/esm\/|^package\.json$/],
]);

/**
 * The files of an installed package that are needed to run it on Linux x64, relative to its folder and sorted; packages
 * within it are not its own.
 *
 * @param {string} folder
 * @returns {readonly string[]}
 */
export function runtimeFiles(folder) {
  const used = usedParts.get(basename(folder));
  return listFiles(folder).filter(
    (file) =>
      loadable.test(file) &&
      (used === undefined || used.test(file)) &&
      !aside.test(file) &&
      !asideFile.test(file) &&
      !file.split("/").some((part) => part === "node_modules" || otherMachines.has(part)),
  );
}

/**
 * All files under a folder, relative to it and in order of code units; links are left out.
 *
 * @param {string} folder
 * @returns {readonly string[]}
 */
export function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
