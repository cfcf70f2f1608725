import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sha256OfFile } from "./file-digest.ts";
import { findWeights } from "./find-weights.ts";
import { fakeCache, fakeEnvironment } from "./hub-testing/fake-environment.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";
const sha256 = "ab".repeat(32);
let home: string;
let folder: string;

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), "find-weights-")));
  folder = join(fakeCache(home), "models--org--name");
  await put(join(folder, "refs", "main"), commit);
});

afterEach(() => rm(home, { recursive: true }));

async function put(path: string, text: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

/** As Python's huggingface_hub 2.4 lays it: links are relative and go up as far as the file's folder is deep. */
async function putCached(name: string, blob: string, text = "values"): Promise<string> {
  await put(join(folder, "blobs", blob), text);
  const path = join(folder, "snapshots", commit, ...name.split("/"));
  await mkdir(dirname(path), { recursive: true });
  await symlink(`${"../".repeat(name.split("/").length + 1)}blobs/${blob}`, path);
  return path;
}

const find = (file: string | null = null, revision: string | null = null) =>
  findWeights({ weights: "hf", repository: "org/name", file, revision }, { environment: fakeEnvironment(home, null) });

it("finds what huggingface_hub downloaded, by branch and by commit, with its digest and without a network", async () => {
  const path = await putCached("model.safetensors", sha256);
  const here = { status: "here", path, files: [{ name: "model.safetensors", path, sha256, bytes: 6 }] };
  expect(await find()).toEqual(here);
  expect(await find("model.safetensors", commit)).toEqual(here);
  await put(join(folder, "refs", "refs", "pr", "1"), commit);
  expect(await find(null, "refs/pr/1")).toEqual(here);
});

it("takes the first of the usual files that is there", async () => {
  await putCached("open_clip_pytorch_model.bin", "1".repeat(64));
  expect(await find()).toMatchObject({ files: [{ name: "open_clip_pytorch_model.bin" }] });
  await putCached("pytorch_model.bin", "2".repeat(64));
  expect(await find()).toMatchObject({ files: [{ name: "pytorch_model.bin" }] });
  await putCached("model.safetensors", "3".repeat(64));
  expect(await find()).toMatchObject({ files: [{ name: "model.safetensors" }] });
});

it("knows no digest of small files, of copies and of links elsewhere, and one of blobs that are links themselves", async () => {
  await putCached("config.bin", "c".repeat(40));
  expect(await find("config.bin")).toMatchObject({ status: "here", files: [{ sha256: null }] });
  await put(join(folder, "snapshots", commit, "copy.bin"), "values");
  expect(await find("copy.bin")).toMatchObject({ status: "here", files: [{ sha256: null }] });
  // huggingface_hub 2 may keep the bytes in a store that several caches share.
  const path = await putCached("onnx/model.onnx", sha256);
  await rm(join(folder, "blobs", sha256));
  await symlink(await put(join(home, "shared", "xet"), "shared values"), join(folder, "blobs", sha256));
  expect(await find("onnx/model.onnx")).toEqual({
    status: "here",
    path,
    files: [{ name: "onnx/model.onnx", path, sha256, bytes: 13 }],
  });
});

it("finds all shards of an index, each once, or says which one is missing", async () => {
  const index = { weight_map: { a: "part-2.safetensors", b: "part-1.safetensors", c: "part-2.safetensors" } };
  const path = await putCached("sub/model.safetensors.index.json", "d".repeat(40), JSON.stringify(index));
  await putCached("sub/part-1.safetensors", "1".repeat(64));
  const missing = await find("sub/model.safetensors.index.json");
  expect(missing).toMatchObject({ status: "absent" });
  expect(missing).toHaveProperty("reason", expect.stringContaining("part-2.safetensors"));
  await putCached("sub/part-2.safetensors", "2".repeat(64));
  expect(await find("sub/model.safetensors.index.json")).toMatchObject({
    status: "here",
    path,
    files: [
      { name: "sub/model.safetensors.index.json", sha256: null },
      { name: "sub/part-1.safetensors", sha256: "1".repeat(64) },
      { name: "sub/part-2.safetensors", sha256: "2".repeat(64) },
    ],
  });
});

it("goes on to the next usual file where an index lacks a shard, and says so where there is none", async () => {
  await putCached("model.safetensors.index.json", "d".repeat(40), '{"weight_map":{"a":"part-1.safetensors"}}');
  expect(await find()).toHaveProperty("reason", expect.stringContaining("part-1.safetensors"));
  await putCached("pytorch_model.bin", "2".repeat(64));
  expect(await find()).toMatchObject({ files: [{ name: "pytorch_model.bin" }] });
});

it("refuses an index that is none, or that leads elsewhere", async () => {
  const cases = {
    "a.index.json": "{",
    "b.index.json": "[]",
    "c.index.json": '{"weight_map":{}}',
    "d.index.json": '{"weight_map":{"a":1}}',
  };
  for (const [name, text] of Object.entries(cases)) {
    await putCached(name, Buffer.from(name).toString("hex").padEnd(40, "0"), text);
    await expect(find(name), name).rejects.toMatchObject({ code: "weights-index-unreadable" });
  }
  await putCached("e.index.json", "e".repeat(40), '{"weight_map":{"a":"../../../secret"}}');
  await expect(find("e.index.json")).rejects.toMatchObject({ code: "weights-source-invalid" });
});

it("says what is absent and where it was looked for", async () => {
  const reason = (text: string) => ({ status: "absent", reason: expect.stringContaining(text) as string });
  expect(await find(null, "v2")).toEqual(reason("no revision v2 of org/name"));
  expect(await find()).toEqual(reason("no weights of org/name"));
  expect(await find("model.onnx")).toEqual(reason("model.onnx"));
  const path = await putCached("model.onnx", sha256);
  await rm(join(folder, "blobs", sha256));
  expect(await find("model.onnx")).toEqual(reason(fakeCache(home)));
  await rm(path);
  // A ref that is not one counts as none.
  await put(join(folder, "refs", "main"), "half a comm");
  expect(await find("model.onnx")).toEqual(reason("no revision main"));
});

it("finds files by their path, with the shards beside an index", async () => {
  const path = await put(join(home, "w", "model.safetensors"), "values");
  expect(await findWeights({ weights: "file", path })).toEqual({
    status: "here",
    path,
    files: [{ name: "model.safetensors", path, sha256: null, bytes: 6 }],
  });
  const index = await put(join(home, "w", "m.index.json"), '{"weight_map":{"a":"model.safetensors"}}');
  expect(await findWeights({ weights: "file", path: index })).toMatchObject({ files: [{ path: index }, { path }] });
  expect(await findWeights({ weights: "file", path: join(home, "no") })).toMatchObject({ status: "absent" });
  expect(await findWeights({ weights: "file", path: home })).toMatchObject({ status: "absent" });
});

it("finds files of addresses in its own cache, and in PyTorch's only where it may hash them", async () => {
  const environment = fakeEnvironment(home, null);
  const torch = await put(join(home, ".cache", "torch", "hub", "checkpoints", "net.pth"), "values");
  const digest = await sha256OfFile(torch);
  const source = {
    weights: "url",
    url: "https://h.example/net.pth",
    sha256: digest.slice(0, 8).toUpperCase(),
  } as const;
  expect(await findWeights(source, { environment })).toMatchObject({ status: "absent" });
  expect(await findWeights(source, { environment, digestOf: sha256OfFile })).toEqual({
    status: "here",
    path: torch,
    files: [{ name: "net.pth", path: torch, sha256: digest, bytes: 6 }],
  });
  const other = { ...source, sha256: "0".repeat(64) };
  expect(await findWeights(other, { environment, digestOf: sha256OfFile })).toMatchObject({ status: "absent" });
  const own = await put(join(home, ".cache", "exp-lab", "weights", digest.slice(0, 16), "net.pth"), "values");
  expect(await findWeights({ ...source, sha256: digest }, { environment })).toMatchObject({
    path: own,
    files: [{ sha256: digest }],
  });
});
