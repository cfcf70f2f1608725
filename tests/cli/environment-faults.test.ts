import { chmodSync, cpSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createWorkplace, smallProgram, type Ended, type Workplace } from "./command-line.ts";

const run = ["run", "small.exp", "--store", "store"];
let place: Workplace;
let whole: Workplace;
let table: string;

beforeAll(async () => {
  whole = createWorkplace();
  whole.write("small.exp", smallProgram);
  const { exitCode, out } = await whole.exp(...run);
  expect(exitCode).toBe(0);
  table = out;
  return () => {
    whole.close();
  };
});
beforeEach(() => {
  place = createWorkplace();
  place.write("small.exp", smallProgram);
});
afterEach(() => {
  place.close();
});

/** One message, of the environment's kind, with what to do. */
function expectRefusal({ exitCode, err }: Ended, message: string, advice: string): void {
  const text = err.replace(/\s+/g, " ");
  expect({ exitCode, text }).toMatchObject({ exitCode: 4, text: expect.stringContaining(message) as string });
  expect(text).toContain(advice);
  expect(err.match(/^error/gm)).toHaveLength(1);
  expect(err).not.toContain("    at ");
}

const storeFile = (): string => join(place.folder, "store/store.sqlite");

function copyWhole(): void {
  cpSync(join(whole.folder, "store"), join(place.folder, "store"), { recursive: true });
}

describe("a store that cannot be used is said to be so, and left as it is", () => {
  it.each<[what: string, damage: () => void, message: string, advice: string]>([
    [
      "written by a newer version",
      () => {
        const bytes = readFileSync(storeFile());
        // SQLite keeps the number of the schema at this place of its header.
        bytes.writeUInt32BE(9999, 60);
        writeFileSync(storeFile(), bytes);
      },
      "was written by a newer version of this program (schema 9999;",
      "Update the program, or name another folder",
    ],
    [
      "cut short",
      () => {
        truncateSync(storeFile(), 100_000);
      },
      "is damaged: ",
      "everything in it can be computed anew",
    ],
    [
      "cut off within its first page",
      () => {
        truncateSync(storeFile(), 10);
      },
      "is not a store of this program",
      "Move the file away",
    ],
    [
      "some other file",
      () => {
        writeFileSync(storeFile(), "These are notes.\n".repeat(5000));
      },
      "is not a store of this program",
      "Move the file away",
    ],
  ])("%s", async (_, damage, message, advice) => {
    copyWhole();
    damage();
    const before = readFileSync(storeFile());
    expectRefusal(await place.exp(...run), message, advice);
    expectRefusal(await place.exp("table", "small.exp", "--store", "store"), message, advice);
    expect(readFileSync(storeFile()).equals(before)).toBe(true);
  });

  it("a folder in its place", async () => {
    mkdirSync(storeFile(), { recursive: true });
    expectRefusal(await place.exp(...run), "cannot be opened for writing", "Check that its folder exists");
  });
});

describe("a place where no store can be", () => {
  it("below a file", async () => {
    place.write("notes", "Mine.");
    const ended = await place.exp("run", "small.exp", "--store", "notes/store");
    expectRefusal(ended, "cannot be opened for writing", "name another one with --store DIR");
  });

  it.runIf(process.platform === "linux")("a folder in which nothing can be made", async () => {
    const ended = await place.exp("run", "small.exp", "--store", "/proc/no/store");
    expectRefusal(ended, "cannot be opened for writing", "name another one with --store DIR");
  });

  // The system's administrator may write anywhere.
  it.skipIf(process.getuid?.() === 0)("a folder that may not be written", async () => {
    mkdirSync(join(place.folder, "store"));
    chmodSync(join(place.folder, "store"), 0o500);
    expectRefusal(await place.exp(...run), "cannot be opened for writing", "may be written by you");
  });
});

it.skipIf(process.platform === "win32")(
  "a disk that fills up ends the run, and loses nothing that was stored",
  async () => {
    // No file may become larger than this: in blocks of 512 bytes.
    const ended = await place.shell(`ulimit -f 3200; exp ${run.join(" ")}`);
    expectRefusal(ended, "cannot be read or written", "Check the disk and its free space");
    const stored = await place.exp("cache", "stats", "--json", "--store", "store");
    const { answers } = JSON.parse(stored.out) as { readonly answers: number };
    expect(answers).toBeGreaterThan(0);
    const again = await place.exp(...run);
    expect(again.out).toBe(table);
    expect(again.err).toContain(`, ${String(answers)} stored, `);
    expect((await place.exp("cache", "verify", "--store", "store")).exitCode).toBe(0);
  },
);
