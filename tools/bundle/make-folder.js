import { chmodSync, constants, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { apartNames } from "./apart-names.js";
import { findPackages, readPackage } from "./find-packages.js";
import { writeNotices } from "./notices.js";
import { readBuild, workspaces } from "./read-build.js";
import { listFiles, runtimeFiles } from "./runtime-files.js";
import { systemNeeds } from "./system-needs.js";

/** @typedef {import("./choose-node.js").ChosenNode} ChosenNode */

/**
 * Lays out everything that the archive holds, in a folder that is not there yet, and says what it wants of a machine.
 *
 * @param {string} repository
 * @param {string} folder
 * @param {ChosenNode} node
 */
export function makeFolder(repository, folder, node) {
  const bundle = readBuild(repository);
  const { put, write } = createFolder(folder);
  const putAll = (/** @type {string} */ from, /** @type {readonly string[]} */ files) => {
    for (const file of files) put(join(from, file), relative(repository, join(from, file)));
  };

  const roots = workspaces.map((name) => join(repository, "packages", name));
  putAll(bundle, runtimeFiles(bundle));
  const apart = apartNames(bundle);
  for (const each of findPackages(roots, (name) => apart.has(name))) putAll(each.folder, runtimeFiles(each.folder));
  // The command line looks for its own version where an installation would have it.
  for (const root of roots) {
    const { name } = readPackage(root).manifest;
    put(join(root, "package.json"), `packages/${basename(root)}/package.json`);
    put(join(root, "package.json"), `node_modules/${name}/package.json`);
  }

  const tool = join(repository, "tools/bundle");
  put(join(tool, "exp.sh"), "bin/exp", true);
  put(join(tool, "exp-entry.mjs"), "packages/runner/bin/exp.js");
  put(node.binary, "node/bin/node", true);
  put(node.licence, "node/LICENSE");
  for (const name of listFiles(join(tool, "licence-texts"))) put(join(tool, "licence-texts", name), `licences/${name}`);
  write("licences/NOTICES.txt", writeNotices(findPackages(roots).filter((each) => !roots.includes(each.folder))));

  putAll(repository, ["README.md", "CHANGELOG.md", "LICENSE"]);
  for (const name of ["docs", "experiments"]) {
    // A store that was made there is nobody else's.
    const files = listFiles(join(repository, name)).filter((file) => !/(?:^|\/)\./.test(file));
    putAll(join(repository, name), files);
  }

  const needs = systemNeeds(folder, listFiles(folder));
  write("SYSTEM.txt", describeNeeds(readVersion(repository), node, needs));
  return needs;
}

/**
 * The name of the archive and of the one folder in it.
 *
 * @param {string} repository
 */
export function archiveName(repository) {
  return `exp-lab-${readVersion(repository)}-linux-x64`;
}

/** @param {string} repository */
function readVersion(repository) {
  return /** @type {{ version: string }} */ (JSON.parse(readFileSync(join(repository, "package.json"), "utf8")))
    .version;
}

/**
 * Writes into a folder, with rights that do not hang on who writes.
 *
 * @param {string} folder
 */
function createFolder(folder) {
  const place = (/** @type {string} */ name) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    return join(folder, name);
  };
  return {
    put(/** @type {string} */ from, /** @type {string} */ name, isProgram = false) {
      const to = place(name);
      copyFileSync(from, to, constants.COPYFILE_FICLONE);
      chmodSync(to, isProgram ? 0o755 : 0o644);
    },
    write(/** @type {string} */ name, /** @type {string} */ text) {
      const to = place(name);
      writeFileSync(to, text);
      chmodSync(to, 0o644);
    },
  };
}

/**
 * @param {string} version
 * @param {ChosenNode} node
 * @param {import("./system-needs.js").SystemNeeds} needs
 */
function describeNeeds(version, node, { glibc, libstdcxx, cxxabi, libraries }) {
  return `exp ${version} with Node ${node.version}, for Linux x64

Of the system it needs a shell (/bin/sh) and these libraries, which every such system has:
  ${libraries.join("\n  ")}
glibc ${glibc} or newer (\`ldd --version\` tells), and a libstdc++ with GLIBCXX_${libstdcxx} and CXXABI_${cxxabi} or newer.
`;
}
