import { expect, it } from "vitest";
import { OpError } from "../../op-error.ts";
import { tryAgain, TryAgain, waitOf } from "./try-again.ts";
import type { Web } from "./web.ts";

const failure = new OpError("weights-x", "failed");
const web: Web = { fetch, signal: null, wait: async () => undefined, stallMilliseconds: 1000 };

/** Fails so many times, and then gives "done". */
function failingTimes(count: number, after: number | null = null): () => Promise<string> {
  let left = count;
  return async () => {
    left -= 1;
    if (left >= 0) throw new TryAgain(failure, after);
    return "done";
  };
}

async function waitsOf(attempt: () => Promise<string>, hasAdvanced?: () => boolean) {
  const waits: number[] = [];
  const wait = async (milliseconds: number) => void waits.push(milliseconds);
  const attempts = hasAdvanced === undefined ? { wait } : { wait, hasAdvanced };
  const result = await tryAgain(web, attempts, attempt).catch((error: unknown) => error);
  return { result, waits };
}

it("tries five times more, waiting longer each time", async () => {
  expect(await waitsOf(failingTimes(5))).toEqual({ result: "done", waits: [1000, 2000, 4000, 8000, 16000] });
  expect(await waitsOf(failingTimes(6))).toMatchObject({ result: failure });
});

it("counts anew after each attempt that brought enough", async () => {
  expect(await waitsOf(failingTimes(20), () => true)).toEqual({ result: "done", waits: Array(20).fill(1000) });
});

it("waits as long as it is told, and not for hours", async () => {
  expect(await waitsOf(failingTimes(2, 90_000))).toEqual({ result: "done", waits: [90_000, 90_000] });
  expect(await waitsOf(failingTimes(1, 3_600_000))).toEqual({ result: failure, waits: [] });
});

it("does not try again what is no such failure", async () => {
  const bug = new TypeError("ours");
  const result = await waitsOf(async () => {
    throw bug;
  });
  expect(result).toEqual({ result: bug, waits: [] });
});

it("stops waiting when the signal is aborted", async () => {
  const controller = new AbortController();
  const wait = async (): Promise<void> => {
    controller.abort();
    throw new DOMException("aborted", "AbortError");
  };
  const stopped = tryAgain({ ...web, signal: controller.signal }, { wait }, failingTimes(1));
  await expect(stopped).rejects.toMatchObject({ code: "weights-cancelled" });
});

it("reads how long a server asks to wait", () => {
  expect(waitOf(new Headers())).toBeNull();
  expect(waitOf(new Headers({ "retry-after": " 3 " }))).toBe(3000);
  expect(waitOf(new Headers({ "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" }))).toBeNull();
  expect(waitOf(new Headers({ ratelimit: '"resolvers";r=0;t=5' }))).toBe(5000);
});
