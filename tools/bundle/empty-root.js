import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { listFiles } from "./runtime-files.js";

/** No command is on this path, and nothing of the caller's reaches the program. */
const environment = ["PATH=/nonexistent", "LC_ALL=C"];

/** Where this machine's own tools are, those of its administrators included. */
const searchPath = [...(process.env["PATH"] ?? "").split(":"), "/usr/sbin", "/sbin"];

/** @typedef {{ status: number | null, out: string, err: string }} Ended */

/**
 * A place where a packed folder runs alone.
 *
 * @typedef {object} EmptyRoot
 * @property {boolean} isEmpty whether it is a root of its own; otherwise the machine's, of which only the environment is empty
 * @property {(command: string, argv: readonly string[]) => Ended} run the command is a path within the folder, and so is an
 *   argument that begins with `./`
 */

/**
 * Makes a folder into the root of a file system that holds, besides a packed folder, only the libraries that the system owes
 * it, a shell and what every process may count on. That takes a user namespace, or the rights of root.
 *
 * @param {string} root holds the packed folder already
 * @param {string} name of the packed folder, relative to it
 * @returns {EmptyRoot}
 */
export function openEmptyRoot(root, name) {
  for (const folder of ["tmp", "home", "dev", "bin"]) mkdirSync(join(root, folder), { recursive: true });
  // A namespace makes no devices; as a file it takes what is written and gives nothing.
  writeFileSync(join(root, "dev/null"), "");
  copyFileSync("/bin/sh", join(root, "bin/sh"));
  const packed = join(root, name);
  const natives = listFiles(packed).filter((file) => /\.(?:node|so[.\d]*)$/.test(file) || file === "node/bin/node");
  for (const library of findLibraries(["/bin/sh", ...natives.map((file) => join(packed, file))], root)) {
    mkdirSync(join(root, dirname(library)), { recursive: true });
    copyFileSync(library, join(root, library));
  }

  const enter = [["unshare", "--map-root-user"], []].find(
    (prefix) => run(changeRoot(prefix, root, ["/bin/sh", "-c", ":"])).status === 0,
  );
  const home = enter === undefined ? packed : join("/", name);
  return {
    isEmpty: enter !== undefined,
    run(command, argv) {
      const line = [command, ...argv].map((word, index) =>
        index === 0 || word.startsWith("./") ? join(home, word) : word,
      );
      return run(
        enter === undefined
          ? ["env", "-i", ...environment, `HOME=${join(root, "home")}`, ...line]
          : changeRoot(enter, root, line),
      );
    },
  };
}

/**
 * @param {readonly string[]} prefix
 * @param {string} root
 * @param {readonly string[]} line
 */
function changeRoot(prefix, root, line) {
  // By its whole path, since the environment is emptied before it starts.
  const chroot = searchPath.map((folder) => join(folder, "chroot")).find((file) => existsSync(file)) ?? "chroot";
  return [...prefix, "env", "-i", ...environment, "HOME=/home", chroot, root, ...line];
}

/**
 * The libraries outside a folder that the system's loader finds for some files.
 *
 * @param {readonly string[]} files
 * @param {string} root
 */
function findLibraries(files, root) {
  const lines = files.flatMap((file) => run(["ldd", file]).out.split("\n"));
  const paths = lines.map((line) => /^\s*(?:\S+ => )?(\/\S+) \(0x/.exec(line)?.[1] ?? "");
  return [...new Set(paths)].filter((path) => path !== "" && !path.startsWith(`${root}/`));
}

/**
 * @param {readonly string[]} line
 * @returns {Ended}
 */
function run([file = "", ...argv]) {
  const env = { PATH: searchPath.join(":"), LC_ALL: "C" };
  const { status, stdout, stderr, error } = spawnSync(file, argv, { encoding: "utf8", env, maxBuffer: 1e8 });
  return error === undefined ? { status, out: stdout, err: stderr } : { status: null, out: "", err: error.message };
}
