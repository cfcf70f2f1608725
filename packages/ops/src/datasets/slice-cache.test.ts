import { describe, expect, it } from "vitest";
import { createSliceCache } from "./slice-cache.ts";

describe("createSliceCache", () => {
  it("opens a file once while it is among the last ones, for those too who ask while it is opened", async () => {
    const { opened, cache } = counting({}, { files: 2, bytes: 100 });
    await Promise.all([cache.open("a"), cache.open("a"), cache.open("b")]);
    await cache.open("a");
    expect(opened).toEqual(["a", "b"]);
    await cache.open("c");
    await cache.open("a");
    expect(opened).toEqual(["a", "b", "c"]);
    await cache.open("b");
    expect(opened).toEqual(["a", "b", "c", "b"]);
    cache.clear();
    await cache.open("b");
    expect(opened).toEqual(["a", "b", "c", "b", "b"]);
  });

  it("holds one file however large it is, and no other beside it", async () => {
    const { opened, cache } = counting({ large: 90 }, { files: 2, bytes: 95 });
    for (const name of ["large", "large", "a", "large", "large", "a", "a"]) await cache.open(name);
    expect(opened).toEqual(["large", "a", "large", "a"]);
    const huge = counting({ huge: 1000 }, { files: 2, bytes: 95 });
    for (const name of ["huge", "huge", "huge"]) await huge.cache.open(name);
    expect(huge.opened).toEqual(["huge"]);
  });

  it("fails each time in the same way where a file cannot be opened", async () => {
    let tries = 0;
    const cache = createSliceCache(() => Promise.reject<{ bytes: number }>(new Error(`try ${++tries}`)));
    await expect(cache.open("a")).rejects.toThrow("try 1");
    await expect(cache.open("a")).rejects.toThrow("try 1");
  });
});

function counting(sizes: Readonly<Record<string, number>>, most: { readonly files: number; readonly bytes: number }) {
  const opened: string[] = [];
  const open = async (name: string): Promise<{ readonly bytes: number }> => {
    opened.push(name);
    return { bytes: sizes[name] ?? 10 };
  };
  return { opened, cache: createSliceCache(open, most) };
}
