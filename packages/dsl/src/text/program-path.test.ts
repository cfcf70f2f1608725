import { describe, expect, test } from "vitest";
import { isInside, normalisePath, resolvePath } from "./program-path.ts";

describe("resolvePath", () => {
  test.each([
    ["tables/one.exp", "x.npz", "tables/x.npz"],
    ["tables/one.exp", "../lib//./x.npz", "lib/x.npz"],
    ["one.exp", "../x.npz", "../x.npz"],
    ["../one.exp", "../x.npz", "../../x.npz"],
    ["/a/one.exp", "../../../x.npz", "/x.npz"],
    ["/one.exp", "x.npz", "/x.npz"],
    ["tables/one.exp", "/data/../x.npz", "/x.npz"],
  ])("in %s, %s is %s", (from, written, path) => {
    expect(resolvePath(from, written)).toBe(path);
  });

  test("a path that goes nowhere is the folder itself", () => {
    expect(normalisePath("a/./../")).toBe(".");
  });
});

describe("isInside", () => {
  test.each([
    [".", "x", true],
    [".", "../x", false],
    ["..", "../x", true],
    ["..", "x", true],
    ["..", "../../x", false],
    ["a/b", "a/b/c", true],
    ["a/b", "a/bc", false],
    ["a/b", "a/c", false],
    ["../a", "../a/x", true],
    ["../a", "../b/x", false],
    ["/a", "/a/x", true],
    ["/a", "a/x", false],
    ["/", "/a", true],
    [".", "/a", false],
  ])("%s holds %s: %s", (folder, path, holds) => {
    expect(isInside(folder, path)).toBe(holds);
  });
});
