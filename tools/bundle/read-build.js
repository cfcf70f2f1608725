import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { chooseBuild } from "../../packages/runner/bin/choose-build.js";
import { Refusal } from "./refusal.js";

export const workspaces = ["dsl", "ops", "runner"];

/**
 * The folder of the command line's bundle, where it is what the sources say.
 *
 * @param {string} repository
 * @returns {string}
 */
export function readBuild(repository) {
  const packages = join(repository, "packages");
  const build = chooseBuild(packages);
  if (build === null) throw new Refusal("Nothing is built: run `npm run build` first.");
  const changed = workspaces.flatMap((name) => changedSources(join(packages, name)));
  const [first] = changed;
  if (first !== undefined) {
    throw new Refusal(`The build is older than ${relative(repository, first)}: run \`npm run build\` first.`);
  }
  const bundle = join(packages, "runner/dist/bundle");
  if (build !== join(bundle, "exp.js")) {
    throw new Refusal("The packages were compiled without their bundle: run `npm run build` first.");
  }
  return bundle;
}

/**
 * The files of a package that the compiler read otherwise than they are now, or never: its notes hold each one's hash.
 *
 * @param {string} folder
 * @returns {readonly string[]}
 */
function changedSources(folder) {
  /** @type {{ fileNames: readonly string[], fileInfos: readonly (string | { version: string })[] }} */
  const { fileNames, fileInfos } = JSON.parse(readFileSync(join(folder, "dist/.tsbuildinfo"), "utf8"));
  const noted = new Map(
    fileNames.map((name, index) => {
      const info = fileInfos[index];
      return [join(folder, "dist", name), typeof info === "object" ? info.version : info];
    }),
  );
  const source = join(folder, "src");
  const removed = [...noted.keys()].filter((file) => file.startsWith(source) && !existsSync(file));
  const now = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(source, name))
    // What only tests use is not compiled, so a file without a note is no sign of age.
    .filter((file) => noted.has(file) && noted.get(file) !== hashOf(file));
  return [...removed, ...now];
}

/** @param {string} file */
function hashOf(file) {
  return createHash("sha256").update(readFileSync(file, "utf8")).digest("hex");
}
