import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { failPoints } from "@exp-lab/runner";

const repository = resolve(import.meta.dirname, "../..");
const store = "packages/runner/src/store";
const workers = "packages/runner/src/2-execute/workers";

/** What is published, but for tests and what they share. */
const sources = ["packages/ops/src", "packages/runner/src"]
  .flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  )
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file) && !/\/contract\/|\/hub-testing\//.test(file))
  .map((file) => ({ file, text: readFileSync(join(repository, file), "utf8") }));

const filesWith = (pattern: RegExp): readonly string[] =>
  sources.flatMap(({ file, text }) => (pattern.test(text) ? [file] : [])).sort();

/** Each of these goes through `writeFiles` or `TableContext.write`, so that a test can end the process before and after it. */
describe("what changes the disk stands in few places", () => {
  it("files and folders", () => {
    const names = [
      ...[
        "writeFile",
        "appendFile",
        "mkdir",
        "mkdtemp",
        "rename",
        "unlink",
        "rm",
        "rmdir",
        "copyFile",
        "cp",
        "truncate",
      ],
      ...["ftruncate", "write", "writev", "link", "symlink", "chmod", "utimes", "open"],
    ];
    const writing = `\\b(?:(?:${names.join("|")})(?:Sync)?|createWriteStream|fs|promises)\\b`;
    expect(
      filesWith(new RegExp(`^import (?:[^;]*\\s)?${writing}[^;]* from "(?:node:)?fs(?:/promises)?";`, "m")),
    ).toEqual([
      // Downloads lie in the caches of their publishers' tools, not in the store: a run finds them whole or not at all.
      "packages/ops/src/backbones/hub/download-file.ts",
      "packages/ops/src/backbones/hub/file-digest.ts",
      "packages/ops/src/backbones/hub/link-snapshot.ts",
      "packages/ops/src/backbones/hub/moved-files.ts",
      "packages/ops/src/backbones/hub/partial-file.ts",
      "packages/ops/src/backbones/hub/partial-owner.ts",
      "packages/ops/src/backbones/weights/weight-file.ts",
      "packages/ops/src/datasets/zip-archive.ts",
      "packages/ops/src/onnx/weights/read-weight.ts",
      "packages/ops/src/own/parquet-file.ts",
      // A profile of onnxruntime in a folder for it alone, outside the store.
      "packages/ops/src/runtime/placement.ts",
      `${workers}/handed-files.ts`,
      `${workers}/handover.ts`,
      `${workers}/peak-meter.ts`,
      `${workers}/sent-reply.ts`,
      `${workers}/worker-main.ts`,
      `${store}/make-folder.ts`,
      `${store}/network/lock-guard.ts`,
      `${store}/network/store-lock.ts`,
      `${store}/replace-file.ts`,
      `${store}/sqlite/shard-files/shard-file.ts`,
      `${store}/sqlite/shard-files/shard-folder.ts`,
    ]);
    // These open what they read, and nothing else.
    expect(filesWith(/\bopen\(path(?:, "r")?\)/)).toEqual(
      expect.arrayContaining([
        "packages/ops/src/datasets/zip-archive.ts",
        "packages/ops/src/onnx/weights/read-weight.ts",
        `${workers}/handed-files.ts`,
      ]),
    );
    // And these tell the system something of their own process.
    expect(filesWith(/writeFileSync\("\/proc\/self\//)).toEqual([
      `${workers}/peak-meter.ts`,
      `${workers}/worker-main.ts`,
    ]);
  });

  it("transactions and statements that are none", () => {
    const sqlite = `${store}/sqlite`;
    expect(filesWith(/\.transaction\(|\bbegin (?:immediate|exclusive|deferred)\b/)).toEqual([
      `${sqlite}/connection.ts`,
      `${sqlite}/shard-files/shard-file.ts`,
      `${sqlite}/table-context.ts`,
    ]);
    expect(filesWith(/connection\.exec\(/).filter((file) => !file.includes("/migrations/"))).toEqual([
      `${sqlite}/shard-files/shard-file.ts`,
      `${sqlite}/verify/verify-file.ts`,
    ]);
    expect(filesWith(/\.pragma\(/)).toEqual([
      `${sqlite}/connection.ts`,
      `${sqlite}/shard-files/measure-shard-files.ts`,
      `${sqlite}/shard-files/shard-file.ts`,
      `${sqlite}/shard-files/sweep-shard-files.ts`,
      `${sqlite}/upkeep/give-back-space.ts`,
      `${sqlite}/upkeep/take-inventory.ts`,
      `${sqlite}/verify/verify-file.ts`,
    ]);
    expect(filesWith(/\b(?:attach|detach) database\b|\bvacuum into\b/i)).toEqual([]);
  });
});

describe("every write has a name", () => {
  const names = [...new Set(failPoints.map((point) => point.replace(/^\w+ /, "")))];
  const callers = sources.filter(({ file }) => !file.endsWith("/fail-points.ts"));
  const shared: readonly string[] = ["make folder", "write file"];

  it.each(names)("%s", (name) => {
    const uses = callers.reduce((sum, { text }) => sum + text.split(new RegExp(`"(?:before )?${name}"`)).length - 1, 0);
    expect(uses).toBe(shared.includes(name) ? 2 : 1);
  });
});
