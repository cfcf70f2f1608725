import { Refusal } from "./refusal.js";

/** @typedef {import("./empty-root.js").EmptyRoot} EmptyRoot */

/** Rows of the quickstart's table, each with a score: the digits are the machine's own. */
const rows = [/fine +neighbours +0\.\d{3} \[/, /probe +0\.\d{3} \[/, /coarse +neighbours +0\.\d{3} \[/];

/**
 * What a packed folder must be able to do where it is alone.
 *
 * @type {readonly { argv: readonly string[], holds: (out: string) => boolean }[]}
 */
const uses = [
  { argv: ["--version"], holds: (out) => /^\d+\.\d+\.\d+\n$/.test(out) },
  { argv: ["ops"], holds: (out) => ["vit", "linear", "auroc"].every((name) => out.includes(name)) },
  { argv: ["doctor", "--json"], holds: (out) => JSON.parse(out).findings.length > 0 },
  {
    argv: ["run", "./experiments/quickstart.exp", "--store", "./store"],
    holds: (out) => rows.every((row) => row.test(out)),
  },
  // The second time everything is found, which shows that the store was written and is read.
  {
    argv: ["table", "./experiments/quickstart.exp", "--store", "./store", "--format", "csv"],
    holds: (out) => out.split("\n").length > 4,
  },
];

/**
 * @param {EmptyRoot} root
 * @param {(line: string) => void} say
 */
export function checkFolder(root, say) {
  for (const { argv, holds } of uses) {
    const line = `exp ${argv.join(" ")}`;
    const started = performance.now();
    const { status, out, err } = root.run("bin/exp", argv);
    if (status !== 0 || !holds(out)) {
      throw new Refusal(`\`${line}\` fails in the packed folder (exit code ${status}):\n${err}${out}`);
    }
    say(`  ${line}  ${((performance.now() - started) / 1000).toFixed(2)} s`);
  }
}
