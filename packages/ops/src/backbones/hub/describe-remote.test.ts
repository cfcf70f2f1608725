import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeRemote } from "./describe-remote.ts";
import { fakeEnvironment } from "./hub-testing/fake-environment.ts";
import { fakeBytes, fakeCommit, large, repository, sha256Of, small } from "./hub-testing/fake-files.ts";
import { startFakeHub, type FakeHub } from "./hub-testing/fake-hub.ts";

let home: string;
let hub: FakeHub;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "describe-remote-"));
  hub = await startFakeHub();
});

afterEach(async () => {
  await hub.close();
  await rm(home, { recursive: true });
});

const describeIt = (file: string | null = null) =>
  describeRemote(
    { weights: "hf", repository: "org/name", file, revision: null },
    { environment: fakeEnvironment(home, hub), wait: async () => undefined },
  );

it("tells commit, digest and length of a large file by one HEAD, and asks no other host", async () => {
  const bytes = fakeBytes(1234);
  hub.repositories.set("org/name", repository({ "model.safetensors": large(bytes) }));
  expect(await describeIt()).toEqual({
    commit: fakeCommit,
    files: [{ name: "model.safetensors", sha256: sha256Of(bytes), bytes: 1234 }],
  });
  expect(hub.requests.map(({ server, method }) => [server, method])).toEqual([["hub", "HEAD"]]);
  expect(await readdir(home)).toEqual([]);
});

it("takes the usual files in their order", async () => {
  const names = ["open_clip_pytorch_model.bin", "pytorch_model.bin", "model.safetensors"];
  const files: Record<string, ReturnType<typeof large>> = {};
  for (const name of names) {
    files[name] = large(fakeBytes(10));
    hub.repositories.set("org/name", repository(files));
    expect(await describeIt()).toMatchObject({ files: [{ name }] });
  }
});

it("tells the shards of an index, with the digest of the index itself", async () => {
  const index = '{"weight_map":{"b":"b.safetensors","a":"a.safetensors"}}';
  const [a, b] = [fakeBytes(100, 2), fakeBytes(200, 3)];
  hub.repositories.set(
    "org/name",
    repository({
      "model.safetensors.index.json": small(index),
      "a.safetensors": large(a),
      "b.safetensors": large(b),
    }),
  );
  expect(await describeIt()).toEqual({
    commit: fakeCommit,
    files: [
      { name: "model.safetensors.index.json", sha256: sha256Of(Buffer.from(index)), bytes: index.length },
      { name: "a.safetensors", sha256: sha256Of(a), bytes: 100 },
      { name: "b.safetensors", sha256: sha256Of(b), bytes: 200 },
    ],
  });
  expect(hub.requests.filter(({ method }) => method === "GET")).toHaveLength(1);
  // Everything after the first answer is asked of its commit: a branch may move meanwhile.
  expect(hub.requests.filter(({ path }) => path.includes("/a.")).map(({ path }) => path)).toEqual([
    `/org/name/resolve/${fakeCommit}/a.safetensors`,
  ]);
});

it("does not know the SHA-256 of a small file", async () => {
  hub.repositories.set("org/name", repository({ "head.bin": small("values") }));
  expect(await describeIt("head.bin")).toEqual({
    commit: fakeCommit,
    files: [{ name: "head.bin", sha256: null, bytes: 6 }],
  });
});

it("trusts an index as little as any other file", async () => {
  const name = "model.safetensors.index.json";
  hub.repositories.set("org/name", repository({ [name]: small('{"weight_map":{"a":"../../x"}}') }));
  await expect(describeIt()).rejects.toMatchObject({ code: "weights-source-invalid" });
  hub.faults.wrongBytes = true;
  await expect(describeIt()).rejects.toMatchObject({ code: "weights-answer-unexpected" });
});
