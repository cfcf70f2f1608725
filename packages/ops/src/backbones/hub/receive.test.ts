import { mkdir, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findWeights } from "./find-weights.ts";
import { fakeEnvironment } from "./hub-testing/fake-environment.ts";
import { cutAt } from "./hub-testing/fake-faults.ts";
import { fakeBytes, fakeCommit, sha256Of } from "./hub-testing/fake-files.ts";
import { hubSource, modelBytes, modelDigest, startFetching, type Fetching } from "./hub-testing/fetching.ts";
import { partialPath } from "./partial-file.ts";

let user: Fetching;

beforeEach(async () => {
  user = await startFetching();
});

afterEach(() => user.close());

it("resumes a dropped connection at the byte where it broke, with growing waits", async () => {
  user.hub.faults.dropAfter.push(100_000, 50_000);
  await user.fetchIt({}, { progress: cutAt(user.hub.faults, 100_000, 150_000) });
  expect(user.bodies().map(({ range }) => range)).toEqual([null, "bytes=100000-", "bytes=150000-"]);
  expect(user.waits).toEqual([1000, 2000]);
  expect(sha256Of(await readFile(user.blob))).toBe(modelDigest);
});

it("gives up after five attempts more, keeps what came, and goes on in the next call", async () => {
  user.hub.faults.dropAfter.push(1000, 1000, 1000, 1000, 1000, 1000);
  const progress = cutAt(user.hub.faults, 1000, 2000, 3000, 4000, 5000, 6000);
  await expect(user.fetchIt({}, { progress })).rejects.toMatchObject({ code: "weights-connection-lost" });
  expect(user.waits).toEqual([1000, 2000, 4000, 8000, 16000]);
  expect(await readdir(join(user.folder, "blobs"))).toEqual([`${modelDigest}.exp.incomplete`]);
  expect(await findWeights(hubSource(), { environment: fakeEnvironment(user.home, user.hub) })).toMatchObject({
    status: "absent",
  });
  await user.fetchIt();
  expect(user.bodies().at(-1)).toMatchObject({ range: "bytes=6000-" });
  expect(await readdir(join(user.folder, "blobs"))).toEqual([modelDigest]);
});

it("starts again where the server takes no notice of a range", async () => {
  user.hub.faults.dropAfter.push(100_000);
  user.hub.faults.ignoreRange = true;
  await user.fetchIt({}, { progress: cutAt(user.hub.faults, 100_000) });
  expect(user.bodies()).toHaveLength(2);
  expect(sha256Of(await readFile(user.blob))).toBe(modelDigest);
});

it("goes on with what an older huggingface_hub left, once it is long unchanged", async () => {
  await mkdir(dirname(user.blob), { recursive: true });
  await writeFile(`${user.blob}.incomplete`, modelBytes.subarray(0, 120_000));
  await utimes(`${user.blob}.incomplete`, 0, 0);
  await user.fetchIt();
  expect(user.bodies().map(({ range }) => range)).toEqual(["bytes=120000-"]);
  expect(await readdir(join(user.folder, "blobs"))).toEqual([modelDigest]);
});

it("starts anew where what was left is of other bytes, or longer than the file", async () => {
  for (const left of [fakeBytes(90_000, 9), fakeBytes(400_000, 9), fakeBytes(modelBytes.length, 9)]) {
    await rm(user.folder, { recursive: true, force: true });
    await mkdir(dirname(user.blob), { recursive: true });
    await writeFile(partialPath(user.blob), left);
    await utimes(partialPath(user.blob), 0, 0);
    await user.fetchIt();
    expect(sha256Of(await readFile(user.blob))).toBe(modelDigest);
  }
});

it("takes an answer that ends early for a broken one", async () => {
  user.hub.faults.endEarlyBy = 10;
  await expect(user.fetchIt()).rejects.toMatchObject({ code: "weights-truncated" });
  expect(await readdir(join(user.folder, "blobs"))).toEqual([`${modelDigest}.exp.incomplete`]);
});

it("counts a connection that gives nothing as dropped", async () => {
  user.hub.faults.stopAfter = 200_000;
  const unstick = async (milliseconds: number): Promise<void> => {
    if (user.bodies().length > 0) user.hub.faults.stopAfter = null;
    user.waits.push(milliseconds);
  };
  await user.fetchIt({}, { stallMilliseconds: 1000, wait: unstick });
  expect(user.bodies().map(({ range }) => range)).toEqual([null, "bytes=200000-"]);
});

it("waits as long as a busy server says, and no more than five times", async () => {
  user.hub.faults.instead.push({ status: 429, headers: { "retry-after": "7" } }, { status: 503 });
  user.hub.faults.instead.push({ status: 429, headers: { ratelimit: '"resolvers";r=0;t=11' } });
  await user.fetchIt();
  expect(user.waits).toEqual([7000, 2000, 11000]);
  await rm(user.folder, { recursive: true });
  for (let count = 0; count < 6; count += 1) user.hub.faults.instead.push({ status: 500 });
  await expect(user.fetchIt()).rejects.toMatchObject({ code: "weights-server-failed" });
  user.hub.faults.instead.push({ status: 429, headers: { "retry-after": "86400" } });
  await expect(user.fetchIt()).rejects.toMatchObject({ code: "weights-rate-limited" });
});

it("does not try again what the store refuses", async () => {
  // The first two answers are the hub's own.
  const leads = { status: 302, headers: { location: `${user.hub.store}/files/none`, "x-repo-commit": fakeCommit } };
  const known = { "x-linked-etag": `"${modelDigest}"`, "x-linked-size": String(modelBytes.length) };
  user.hub.faults.instead.push({ ...leads, headers: { ...leads.headers, ...known } }, leads, { status: 403 });
  await expect(user.fetchIt()).rejects.toMatchObject({ code: "weights-refused" });
  expect(user.waits).toEqual([]);
});
