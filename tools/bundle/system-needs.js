import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { readElfNeeds } from "./elf-needs.js";
import { Refusal } from "./refusal.js";

/**
 * What the archive leaves to the machine: glibc with its loader, and the C++ library of GCC. The latter could be packed too, but that
 * of a new machine wants a newer glibc than all else here does, so that the archive would run on fewer.
 */
const systemLibraries =
  /^(?:ld-linux-x86-64\.so\.2|lib(?:c|m)\.so\.6|lib(?:dl|resolv)\.so\.2|lib(?:pthread)\.so\.0|librt\.so\.1|libstdc\+\+\.so\.6|libgcc_s\.so\.1)$/;

/**
 * What the machine has to bring.
 *
 * @typedef {object} SystemNeeds
 * @property {readonly string[]} libraries
 * @property {string} glibc the oldest version that will do, such as 2.28
 * @property {string} libstdcxx the same, as that library counts: 3.4.22 came with GCC 6
 * @property {string} cxxabi the same of its other count
 * @property {readonly string[]} natives the files that want all this
 */

/**
 * @param {string} folder
 * @param {readonly string[]} files relative to it
 * @returns {SystemNeeds}
 */
export function systemNeeds(folder, files) {
  const natives = files.flatMap((file) => {
    const needs = readElfNeeds(readFileSync(join(folder, file)));
    return needs === null ? [] : [{ file, ...needs }];
  });
  const inside = new Set(files.map((file) => basename(file)));
  const wanted = natives.flatMap(({ file, libraries }) => libraries.map((library) => ({ file, library })));
  const outside = wanted.filter(({ library }) => !inside.has(library));
  const strange = outside.find(({ library }) => !systemLibraries.test(library));
  if (strange !== undefined) {
    throw new Refusal(`${strange.file} needs ${strange.library}, which is neither packed nor on every machine.`);
  }
  const versions = natives.flatMap((each) => each.versions);
  return {
    libraries: [...new Set(outside.map(({ library }) => library))].sort(),
    glibc: newest(versions, "GLIBC_"),
    libstdcxx: newest(versions, "GLIBCXX_"),
    cxxabi: newest(versions, "CXXABI_"),
    natives: natives.map(({ file }) => file),
  };
}

/**
 * @param {readonly string[]} versions
 * @param {string} prefix
 */
function newest(versions, prefix) {
  const numbers = versions
    .filter((version) => version.startsWith(prefix))
    .map((version) => version.slice(prefix.length))
    .filter((version) => /^\d/.test(version));
  return numbers.reduce((a, b) => (isNewer(b, a) ? b : a), "0");
}

/**
 * @param {string} version
 * @param {string} than
 */
function isNewer(version, than) {
  const [left, right] = [version, than].map((each) => each.split(".").map(Number));
  for (let index = 0; index < 3; index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
