import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "./refusal.js";

/** @typedef {import("./find-packages.js").Package} Package */

const licenceFile = /^(?:licen[cs]e|copying|notice|third-?party)[^/]*$/i;
const rule = "=".repeat(80);

/**
 * Name, version and licence text of every package that the archive holds or was made from.
 *
 * @param {readonly Package[]} packages
 * @returns {string}
 */
export function writeNotices(packages) {
  const known = packages.map((each) => ({ title: titleOf(each), texts: licenceTexts(each) }));
  // A package may be installed at two places in one version.
  const entries = [...new Map(known.map((each) => [each.title, each])).values()].sort((a, b) =>
    a.title < b.title ? -1 : 1,
  );
  const head = [
    "This archive holds Node (its licence is node/LICENSE) and what follows here, each under its own licence.",
    `Standard texts that a package names without bringing them stand in the folder licences.`,
  ];
  return [head.join("\n"), ...entries.map(({ title, texts }) => [rule, title, rule, "", ...texts].join("\n")), ""].join(
    "\n\n",
  );
}

/** @param {Package} each */
function titleOf({ manifest: { name, version, license = "no licence stated", author = "" } }) {
  const by = typeof author === "string" ? author : (author.name ?? "");
  return `${name} ${version} (${license})${by === "" ? "" : `, by ${by}`}`;
}

/**
 * The files of a package that state its licence; where it has none, what it says to its readers, and a standard text must be known.
 *
 * @param {Package} each
 */
function licenceTexts({ folder, manifest }) {
  const read = (/** @type {string} */ name) => readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n").trim();
  const names = readdirSync(folder).sort();
  const own = names.filter((name) => licenceFile.test(name));
  if (own.length > 0) return own.map(read);
  const standard = standardTexts(manifest.license ?? "");
  if (standard === null)
    throw new Refusal(`${manifest.name} brings no licence text, and tools/bundle knows none for it.`);
  const pages = names.filter((name) => /^readme/i.test(name)).map(read);
  const licencePages = pages.filter((text) => /licen[cs]/i.test(text));
  return [`Its licence is in ${standard.map((name) => `licences/${name}`).join(", ")}.`, ...licencePages];
}

/**
 * @param {string} licence as a package states it
 * @returns {readonly string[] | null}
 */
function standardTexts(licence) {
  if (licence === "MIT") return ["MIT.txt"];
  // The lesser licence is the general one with permissions added.
  if (licence.startsWith("LGPL-3.0")) return ["LGPL-3.0.txt", "GPL-3.0.txt"];
  return null;
}
