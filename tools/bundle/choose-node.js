import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "./refusal.js";

/**
 * The Node that goes into the archive.
 *
 * @typedef {object} ChosenNode
 * @property {string} binary
 * @property {string} licence its LICENSE, which also names all that is compiled into it
 * @property {string} version
 */

/**
 * @param {string} path of a Node binary
 * @returns {ChosenNode}
 */
export function chooseNode(path) {
  const { platform, version, abi, glibc } = describe(path);
  if (platform !== "linux-x64" || glibc === null) {
    throw new Refusal(
      `The archive is for Linux x64 with glibc, and ${path} is for ${platform}${platform.startsWith("linux") && glibc === null ? " without glibc" : ""}: make it there, or name another with --node PATH.`,
    );
  }
  // better-sqlite3 was built for the Node that installed the packages, and is of no use to a Node of another interface.
  if (abi !== process.versions.modules) {
    throw new Refusal(
      `${path} is ${version}, whose native modules are not those of ${process.version}: install the packages and make the archive with it.`,
    );
  }
  const binary = realpathSync(path);
  const places = ["../LICENSE", "../../LICENSE", "../share/doc/nodejs/LICENSE", "../share/doc/node/LICENSE"];
  const licence = places.map((place) => join(binary, "..", place)).find((file) => existsSync(file));
  if (licence === undefined) {
    throw new Refusal(
      `No LICENSE lies beside ${binary}: name the Node of an unpacked release of nodejs.org with --node PATH.`,
    );
  }
  return { binary, licence, version };
}

/**
 * @param {string} path
 * @returns {{ platform: string, version: string, abi: string, glibc: string | null }}
 */
function describe(path) {
  const question = `JSON.stringify({
    platform: process.platform + "-" + process.arch, version: process.version, abi: process.versions.modules,
    glibc: process.report.getReport().header.glibcVersionRuntime ?? null })`;
  const { status, stdout, error } = spawnSync(path, ["--print", question], { encoding: "utf8" });
  if (status !== 0) throw new Refusal(`${path} is no Node that runs here${error ? `: ${error.message}` : "."}`);
  return JSON.parse(stdout);
}
