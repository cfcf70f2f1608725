import { expect, test } from "vitest";
import { OpError } from "../op-error.ts";
import { tryEach } from "./try-each.ts";

const damaged = new OpError("image-damaged", "It is cut short.");

test("tries what fails once more, with nothing beside it", async () => {
  const tries = new Map<string, number>();
  let underWay = 0;
  const besides: number[] = [];
  const attempt = async (name: string): Promise<string> => {
    const nth = (tries.get(name) ?? 0) + 1;
    tries.set(name, nth);
    underWay += 1;
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (nth === 2) besides.push(underWay - 1);
    underWay -= 1;
    if (name === "bad" || (name === "unlucky" && nth === 1)) throw damaged;
    return name.toUpperCase();
  };
  const names = ["a", "unlucky", "b", "bad", "c"];
  expect(await tryEach(names, attempt, { limit: 3 })).toEqual(["A", "UNLUCKY", "B", damaged, "C"]);
  expect(names.map((name) => tries.get(name))).toEqual([1, 2, 1, 2, 1]);
  expect(besides).toEqual([0, 0]);
});

test.each([
  ["came in after planning", "dataset-changed", false, true],
  ["is gone, and was read", "file-missing", true, true],
  ["cannot be read any more", "file-unreadable", true, true],
  ["never could be read", "file-unreadable", false, false],
  ["was read, and is damaged", "image-damaged", true, false],
])("a file that %s", async (_, code, wasRead, isThrown) => {
  const error = new OpError(code, "A file.");
  const trying = tryEach(["one"], () => Promise.reject(error), { limit: 1, wasRead: () => wasRead });
  await (isThrown ? expect(trying).rejects.toBe(error) : expect(trying).resolves.toEqual([error]));
});

test("leaves no error of ours for a file's", async () => {
  const bug = new TypeError("a bug");
  await expect(tryEach(["one"], () => Promise.reject(bug), { limit: 1 })).rejects.toBe(bug);
});

test("stops between two second tries", async () => {
  const controller = new AbortController();
  let tries = 0;
  const attempt = (): Promise<never> => {
    tries += 1;
    if (tries === 3) controller.abort(new Error("stopped"));
    return Promise.reject(damaged);
  };
  const trying = tryEach(["one", "two"], attempt, { limit: 1, signal: controller.signal });
  await expect(trying).rejects.toThrow("stopped");
  expect(tries).toBe(3);
});
