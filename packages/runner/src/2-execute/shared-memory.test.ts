import { expect, it } from "vitest";
import { SharedMemory } from "./shared-memory.ts";

it("lends shared memory, and the same again where it is large enough", async () => {
  const memory = new SharedMemory();
  const first = await memory.lend((allocate) => Promise.resolve(allocate(1000)));
  expect(first).toHaveLength(1000);
  expect(first.buffer).toBeInstanceOf(SharedArrayBuffer);
  const second = await memory.lend((allocate) => Promise.resolve(allocate(900)));
  expect(second).toHaveLength(900);
  expect(second.buffer).toBe(first.buffer);
  const larger = await memory.lend((allocate) => Promise.resolve(allocate(5000)));
  expect(larger.buffer).not.toBe(first.buffer);
  expect((await memory.lend((allocate) => Promise.resolve(allocate(5000)))).buffer).toBe(larger.buffer);
});

it("lends nothing twice at a time, and takes it back after a failure too", async () => {
  const memory = new SharedMemory();
  const lent = await memory.lend(async (allocate) => {
    const own = [allocate(100), allocate(100)];
    const others = await memory.lend((allocateToo) => Promise.resolve([allocateToo(100)]));
    return [...own, ...others].map(({ buffer }) => buffer);
  });
  expect(new Set(lent).size).toBe(3);
  const failing = memory.lend((allocate) => {
    lent.push(allocate(100).buffer);
    return Promise.reject(new Error("lost"));
  });
  await expect(failing).rejects.toThrow("lost");
  const next = await memory.lend((allocate) => Promise.resolve(allocate(100)));
  expect(next.buffer).toBe(lent.at(-1));
});
