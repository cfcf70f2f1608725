import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { scanCacheDir } from "@huggingface/hub";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fakeCache } from "./hub-testing/fake-environment.ts";
import { fakeBytes, fakeCommit, large, repository, sha256Of, small } from "./hub-testing/fake-files.ts";
import { gitDigest } from "./hub-testing/fake-hub-answers.ts";
import { modelBytes, modelDigest, startFetching, type Fetching } from "./hub-testing/fetching.ts";

let user: Fetching;

beforeEach(async () => {
  user = await startFetching();
});

afterEach(() => user.close());

it("downloads into the layout of huggingface_hub, and finds it again without a request", async () => {
  const path = join(user.folder, "snapshots", fakeCommit, "model.safetensors");
  const here = {
    status: "here",
    path,
    files: [{ name: "model.safetensors", path, sha256: modelDigest, bytes: modelBytes.length }],
  };
  expect(await user.fetchIt()).toEqual(here);
  expect(await readlink(path)).toBe(`../../blobs/${modelDigest}`);
  expect(await readdir(join(user.folder, "blobs"))).toEqual([modelDigest]);
  expect(await readFile(join(user.folder, "refs", "main"), "utf8")).toBe(fakeCommit);
  expect(sha256Of(await readFile(path))).toBe(modelDigest);
  const asked = user.hub.requests.length;
  expect(await user.fetchIt()).toEqual(here);
  expect(await user.fetchIt({ revision: fakeCommit })).toEqual(here);
  expect(user.hub.requests).toHaveLength(asked);
  expect((await stat(path)).mtimeMs).toBeGreaterThan(0);
  // The library reads the cache as its own.
  const { repos, warnings } = await scanCacheDir(fakeCache(user.home));
  expect(warnings).toEqual([]);
  expect(repos).toMatchObject([{ id: { name: "org/name" }, revisions: [{ commitOid: fakeCommit, refs: ["main"] }] }]);
});

it("notes the commit of a branch with slashes, and shares a blob between revisions", async () => {
  await user.fetchIt({ revision: "refs/pr/1" });
  expect(await readFile(join(user.folder, "refs", "refs", "pr", "1"), "utf8")).toBe(fakeCommit);
  const commit = "f".repeat(40);
  user.hub.repositories.set("org/name", repository({ "model.safetensors": large(modelBytes) }, { commit }));
  await user.fetchIt();
  expect(user.bodies()).toHaveLength(1);
  expect(await readlink(join(user.folder, "snapshots", commit, "model.safetensors"))).toBe(
    `../../blobs/${modelDigest}`,
  );
});

it("downloads an index with its shards, small files under git's SHA-1", async () => {
  const index = '{"weight_map":{"a":"part-1.safetensors","b":"part-2.safetensors"}}';
  const [one, two] = [fakeBytes(50_000, 2), fakeBytes(70_000, 3)];
  user.hub.repositories.set(
    "org/name",
    repository({
      "sub/model.safetensors.index.json": small(index),
      "sub/part-1.safetensors": large(one),
      "sub/part-2.safetensors": large(two),
    }),
  );
  const seen: (readonly [number, number | null])[] = [];
  const total = index.length + one.length + two.length;
  const found = await user.fetchIt(
    { file: "sub/model.safetensors.index.json" },
    { progress: (...at) => seen.push(at) },
  );
  expect(found.files.map(({ name, sha256: digest }) => [name, digest])).toEqual([
    ["sub/model.safetensors.index.json", null],
    ["sub/part-1.safetensors", sha256Of(one)],
    ["sub/part-2.safetensors", sha256Of(two)],
  ]);
  expect(await readlink(found.path)).toBe(`../../../blobs/${gitDigest(Buffer.from(index))}`);
  expect(seen.at(-1)).toEqual([total, total]);
  expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).toSorted((a, b) => a - b));
});

it("follows a repository that got another name", async () => {
  user.hub.repositories.set("org/old", repository({}, { movedTo: "org/name" }));
  expect(await user.fetchIt({ repository: "org/old" })).toMatchObject({
    status: "here",
    files: [{ sha256: modelDigest }],
  });
});

it("sends the token to the hub alone", async () => {
  const token = "hf_secret";
  user.hub.repositories.set(
    "org/name",
    repository({ "model.safetensors": large(modelBytes) }, { access: "private", token }),
  );
  await user.fetchIt({}, { token });
  for (const { server, authorization } of user.hub.requests) {
    expect(authorization).toBe(server === "hub" ? `Bearer ${token}` : null);
  }
  expect(user.bodies()).toHaveLength(1);
});
