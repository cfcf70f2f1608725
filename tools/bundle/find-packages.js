import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { Refusal } from "./refusal.js";
import { runtimeFiles } from "./runtime-files.js";

/**
 * What a package says of itself, as far as it matters here.
 *
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {string | undefined} [license]
 * @property {string | { name?: string } | undefined} [author]
 * @property {readonly string[] | undefined} [os]
 * @property {readonly string[] | undefined} [cpu]
 * @property {readonly string[] | undefined} [libc]
 * @property {Readonly<Record<string, string>> | undefined} [dependencies]
 * @property {Readonly<Record<string, string>> | undefined} [optionalDependencies]
 * @property {Readonly<Record<string, string>> | undefined} [peerDependencies]
 * @property {Readonly<Record<string, { optional?: boolean }>> | undefined} [peerDependenciesMeta]
 */

/**
 * An installed package.
 *
 * @typedef {object} Package
 * @property {string} folder
 * @property {Manifest} manifest
 */

/**
 * The packages that some folders need in order to run on Linux x64, as installed: their declared dependencies, those of these, and
 * so on, in order of their folders.
 *
 * @param {readonly string[]} folders
 * @param {(name: string) => boolean} isWanted whether a dependency that one of the folders itself declares is followed
 * @returns {readonly Package[]}
 */
export function findPackages(folders, isWanted = () => true) {
  /** @type {Map<string, Package>} */
  const found = new Map();
  const visit = (/** @type {Package} */ { folder, manifest }, /** @type {readonly string[]} */ names) => {
    for (const name of names) {
      const next = resolvePackage(name, folder);
      if (next === null) {
        if (isOptional(manifest, name)) continue;
        throw new Refusal(`${manifest.name} needs ${name}, which is not installed: run \`npm ci\`.`);
      }
      if (found.has(next.folder) || !fitsLinux(next.manifest)) continue;
      found.set(next.folder, next);
      visit(next, usedNames(next));
    }
  };
  for (const folder of folders) {
    const root = readPackage(folder);
    visit(root, Object.keys(root.manifest.dependencies ?? {}).filter(isWanted));
  }
  return [...found.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/**
 * @param {string} folder
 * @returns {Package}
 */
export function readPackage(folder) {
  return { folder, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) };
}

/**
 * The dependencies that a package has when it runs. One that no file of it names is there for its installation or its types; one that
 * is optional may be named by a text put together, and counts where it is installed.
 *
 * @param {Package} used
 */
function usedNames({ folder, manifest }) {
  const { peerDependencies, peerDependenciesMeta } = manifest;
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => peerDependenciesMeta?.[name]?.optional !== true);
  const code = runtimeFiles(folder)
    .filter((file) => /\.[cm]?js$/.test(file))
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join("\n");
  const named = [...Object.keys(manifest.dependencies ?? {}), ...peers].filter((name) =>
    [`"`, "'", "`"].some((quote) => code.includes(`${quote}${name}${quote}`) || code.includes(`${quote}${name}/`)),
  );
  return [...new Set([...named, ...Object.keys(manifest.optionalDependencies ?? {})])];
}

/**
 * @param {Manifest} manifest
 * @param {string} name
 */
function isOptional({ optionalDependencies }, name) {
  return name in (optionalDependencies ?? {});
}

/** @param {Manifest} manifest */
function fitsLinux({ os = ["linux"], cpu = ["x64"], libc = ["glibc"] }) {
  return os.includes("linux") && cpu.includes("x64") && libc.includes("glibc");
}

/**
 * As Node looks for it: in the `node_modules` of the folder and of those above.
 *
 * @param {string} name
 * @param {string} from
 * @returns {Package | null}
 */
function resolvePackage(name, from) {
  const folder = join(from, "node_modules", name);
  if (existsSync(join(folder, "package.json"))) return readPackage(realpathSync(folder));
  const parent = dirname(from);
  return parent === from ? null : resolvePackage(name, parent);
}
