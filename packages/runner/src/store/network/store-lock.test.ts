import { readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeTemporaryFolder } from "../contract/temporary-folder.ts";
import { unwatched } from "../fail-points.ts";
import { StoreError, type LeaseHolder } from "../store.ts";
import { takeStoreLock, type StoreLock } from "./store-lock.ts";

const holderNamed = (id: string): LeaseHolder => ({ id, host: "elsewhere", pid: 1, processStart: null });

function take(path: string, id: string, milliseconds = 60_000): StoreLock {
  return takeStoreLock(path, { watch: unwatched, holder: holderNamed(id), milliseconds });
}

function pathOfLock(): string {
  return join(makeTemporaryFolder(), "store.lock");
}

test("one has it at a time; released, it is another's", () => {
  const path = pathOfLock();
  const first = take(path, "first");
  expect(() => take(path, "second")).toThrow("in use by process 1 on elsewhere");
  first.release();
  const second = take(path, "second");
  // Whoever lost it takes it from nobody.
  first.release();
  expect(() => take(path, "third")).toThrow(StoreError);
  second.release();
  expect(readdirSync(join(path, ".."))).toEqual([]);
});

test("one that was not renewed in time passes on, and its former holder may not write any more", async () => {
  const path = pathOfLock();
  const stopped = take(path, "stopped", 40);
  stopped.require();
  const long = Date.now() / 1000 - 100;
  utimesSync(path, long, long);
  const next = take(path, "next");
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(() => {
    stopped.require();
  }).toThrow("another one has taken over the store");
  next.require();
  stopped.release();
  next.release();
});

test("is renewed while its holder lives", async () => {
  const path = pathOfLock();
  const held = take(path, "held", 60);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(() => take(path, "other", 60)).toThrow(StoreError);
  held.release();
});

test("one that was taken away altogether is lost", async () => {
  const path = pathOfLock();
  const held = take(path, "held", 40);
  rmSync(path);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(() => {
    held.require();
  }).toThrow(StoreError);
  held.release();
});

test("one that nobody can read is a lock until it is old", () => {
  const path = pathOfLock();
  writeFileSync(path, "{");
  expect(() => take(path, "next")).toThrow("in use by another process");
  const long = Date.now() / 1000 - 100;
  utimesSync(path, long, long);
  take(path, "next").release();
});
