import { spawnSync } from "node:child_process";
import { renameSync, rmSync } from "node:fs";
import { basename, dirname } from "node:path";
import { Refusal } from "./refusal.js";

/**
 * The compression: xz, which every cluster's tar unpacks, and which brings the whole under the limit (46 MB, where gzip makes 65).
 * Its preset 1 would be five times as fast for 53 MB, too close to the limit for the larger binaries of newer Nodes. Two threads
 * are asked for on every machine: one alone writes other bytes, and more write the same.
 */
const compression = "xz --format=xz --check=crc64 -6 --threads=2";

/** Of every file: a date that no tool finds implausible. */
const modified = "1980-01-01T00:00:00Z";

/**
 * The arguments by which tar gives the same bytes for the same files: in order of their names, nobody's, and of no day.
 *
 * @param {string} folder
 * @returns {readonly string[]}
 */
export function tarArguments(folder) {
  return [
    ...["--create", "--format=gnu", "--sort=name", "--owner=0", "--group=0", "--numeric-owner"],
    ...["--mode=u=rwX,go=rX", `--mtime=${modified}`, "--directory", dirname(folder), basename(folder)],
  ];
}

/**
 * Packs a folder, and leaves nothing half written.
 *
 * @param {string} folder
 * @param {string} archive
 */
export function writeArchive(folder, archive) {
  const partial = `${archive}.partial`;
  try {
    runTool("tar", ["--file", partial, "--use-compress-program", compression, ...tarArguments(folder)]);
    renameSync(partial, archive);
  } finally {
    rmSync(partial, { force: true });
  }
}

/**
 * @param {string} archive
 * @param {string} parent the folder in which its own folder is to lie
 */
export function unpackArchive(archive, parent) {
  runTool("tar", ["--extract", "--xz", "--file", archive, "--directory", parent]);
}

/**
 * @param {string} name
 * @param {readonly string[]} argv
 */
function runTool(name, argv) {
  const { status, stderr, error } = spawnSync(name, argv, {
    encoding: "utf8",
    // What a user has set for these programs would change the bytes.
    env: { ...process.env, LC_ALL: "C", TAR_OPTIONS: "", XZ_DEFAULTS: "", XZ_OPT: "" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (error !== undefined) throw new Refusal(`${name} does not start (${error.message}): GNU tar and xz are needed.`);
  if (status !== 0) throw new Refusal(`${name} failed: ${stderr.trim().replaceAll("\n", "; ")}`);
}
