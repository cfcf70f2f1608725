import { mkdirSync, mkdtempSync, rmSync, statSync, existsSync, cpSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checkFolder } from "./check-folder.js";
import { chooseNode } from "./choose-node.js";
import { openEmptyRoot } from "./empty-root.js";
import { archiveName, makeFolder } from "./make-folder.js";
import { Refusal } from "./refusal.js";
import { listFiles } from "./runtime-files.js";
import { unpackArchive, writeArchive } from "./write-archive.js";

// `npm run bundle -- [--out DIR] [--node PATH] [--check] [--folder]`: the archive for machines without a registry. --check
// also runs what was packed in a root that holds nothing else; --folder leaves the folder as it is in place of an archive.

const repository = fileURLToPath(new URL("../..", import.meta.url));
const limit = 60e6;

const scratch = mkdtempSync(join(tmpdir(), "exp-bundle-"));
try {
  make(scratch);
} catch (error) {
  if (!(error instanceof Refusal) && !isWrongOption(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** @param {string} work a folder that is removed afterwards */
function make(work) {
  const { values } = parseArgs({
    options: {
      out: { type: "string", default: "." },
      node: { type: "string", default: process.execPath },
      check: { type: "boolean", default: false },
      folder: { type: "boolean", default: false },
    },
  });
  const name = archiveName(repository);
  const made = join(resolve(values.out), values.folder ? name : `${name}.tar.xz`);
  if (values.folder && existsSync(made))
    throw new Refusal(`${made} is there already: remove it or name another folder.`);

  const folder = values.folder ? made : join(work, "made", name);
  const node = chooseNode(resolve(values.node));
  const { glibc, libraries } = makeFolder(repository, folder, node);
  const files = listFiles(folder).map((file) => join(folder, file));
  const unpacked = files.reduce((sum, file) => sum + statSync(file).size, 0);
  if (!values.folder) {
    mkdirSync(resolve(values.out), { recursive: true });
    writeArchive(folder, made);
    const { size } = statSync(made);
    console.log(`${made}: ${inMegabytes(size)}`);
    if (size > limit)
      throw new Refusal(`The archive has more than ${inMegabytes(limit)}: look for what it should not hold.`);
  }
  console.log(`Unpacked: ${files.length} files, ${inMegabytes(unpacked)}, with Node ${node.version}.`);
  console.log(`Wants glibc ${glibc} or newer and, of the system, ${libraries.join(", ")}.`);
  if (values.check)
    check(
      work,
      name,
      values.folder ? (to) => cpSync(made, join(to, name), { recursive: true }) : (to) => unpackArchive(made, to),
    );
}

/**
 * @param {string} work
 * @param {string} name
 * @param {(parent: string) => void} place puts the packed folder into another
 */
function check(work, name, place) {
  const root = join(work, "root");
  mkdirSync(join(root, "opt"), { recursive: true });
  place(join(root, "opt"));
  const opened = openEmptyRoot(root, `opt/${name}`);
  console.log(opened.isEmpty ? "In an empty root:" : "With an empty environment (no empty root is allowed here):");
  checkFolder(opened, console.log);
}

/** @param {number} bytes */
function inMegabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/**
 * @param {unknown} error
 * @returns {error is Error}
 */
function isWrongOption(error) {
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}
