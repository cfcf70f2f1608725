/**
 * A process of its own that indexes a folder of NIH ChestX-ray14 by the data set's op, as the engine does where every file's digest is
 * known already, and prints as JSON what that took and what it found.
 */
import { createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { builtinOps, codecOf, type ArtifactKinds, type SingleOp } from "@exp-lab/ops";
import { defaultParams } from "./default-params.ts";

const [root = ""] = process.argv.slice(2);
const op = findOp("nih_chest_xray14");
const params = { ...defaultParams(op), root: { path: root } };
const startSeconds = process.uptime();

const started = performance.now();
const files = (await op.sourceFiles?.(params)) ?? [];
const listed = performance.now();
const listedBytes = peakBytes();
// Digests of no meaning: nothing is hashed.
const sourceDigests = new Map(files.map(({ name }, file) => [name, file.toString(16).padStart(64, "0")]));
const key = randomBytes(32);
const indexing = performance.now();
const index = (await op.run({
  ...{ params, inputs: {}, fileDigests: {}, sourceDigests, threads: 1, device: "cpu" },
  signal: new AbortController().signal,
  pseudonym: (identifier) => createHmac("sha256", key).update(identifier).digest("hex").slice(0, 24),
  progress: () => undefined,
})) as ArtifactKinds["dataset"];
const indexed = performance.now();
const indexedBytes = peakBytes();
const bytes = codecOf(op.signature.output).encode(index);
const encoded = performance.now();

const { splits, examples } = index;
console.log(
  JSON.stringify({
    startSeconds,
    listSeconds: (listed - started) / 1000,
    indexSeconds: (indexed - indexing) / 1000,
    encodeSeconds: (encoded - indexed) / 1000,
    peaks: [listedBytes, indexedBytes, peakBytes()],
    artifactBytes: bytes.length,
    images: examples.length,
    testImages: splits.filter((split) => split === "test").length,
    patients: new Set(examples.map(({ group }) => group)).size,
  }),
);

function findOp(name: string): SingleOp {
  const found = builtinOps.find(({ signature }) => signature.name === name);
  if (found?.shape !== "single") throw new Error(`There is no op "${name}".`);
  return found;
}

/** Linux's `maxRSS` of a process begins at what its parent held when it was started; the status file counts from the program on. */
function peakBytes(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS * 1024;
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}
