import { existsSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
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

test("one that another process took over is lost at once, however short a time ago it was renewed", () => {
  const path = pathOfLock();
  const held = take(path, "held");
  held.require();
  writeFileSync(`${path}.other`, entryOf("elsewhere"));
  renameSync(`${path}.other`, path);
  expect(() => {
    held.require();
  }).toThrow("another one has taken over the store");
  held.release();
  expect(readFileSync(path, "utf8")).toBe(entryOf("elsewhere"));
});

test("one from before the clock was set back has run out", () => {
  const path = pathOfLock();
  writeFileSync(path, entryOf("elsewhere"));
  const ahead = Date.now() / 1000 + 3600;
  utimesSync(path, ahead, ahead);
  take(path, "next").release();
});

test.each(["", "null", "1", "[]", '{"id":1}', '{"holder":{}}', '{"holder":null,"since":""}'])(
  "what is no lock's text is one of nobody known: %s",
  (text) => {
    const path = pathOfLock();
    writeFileSync(path, text);
    expect(() => take(path, "next")).toThrow("in use by another process");
    expect(readFileSync(path, "utf8")).toBe(text);
    expect(readdirSync(join(path, ".."))).toEqual(["store.lock"]);
  },
);

test("what a lock says cannot change the screen", () => {
  const path = pathOfLock();
  writeFileSync(path, entryOf("\u001b[2Jhost"));
  expect(() => take(path, "next")).toThrow("on ?[2Jhost, since");
});

test.each([
  ["this host, whose process is gone", hostname()],
  ["another host, once it was waited for", "elsewhere"],
])("a guard that was left by %s is removed", (_, host) => {
  const path = pathOfLock();
  writeFileSync(`${path}.guard`, entryOf(host));
  const held = take(path, "next");
  expect(existsSync(`${path}.guard`)).toBe(false);
  held.release();
});

/** By a process that no usual system has. */
function entryOf(host: string): string {
  const holder = { id: "other", host, pid: 2 ** 30, processStart: null };
  return JSON.stringify({ holder, since: "2026-02-03T04:05:06.000Z" });
}
