import { expect, it } from "vitest";
import { findMissing, whyNotLoadable } from "./loadable-libraries.ts";

it("names what is missing in the end, once", () => {
  const messages = new Map([
    ["libcudnn.so.9", "libcudnn.so.9: cannot open shared object file: No such file or directory"],
    ["libcublas.so.12", "libcublasLt.so.12: cannot open shared object file: No such file or directory"],
    ["libcublasLt.so.12", "libcublasLt.so.12: cannot open shared object file: No such file or directory"],
  ]);
  const why = (library: string): string | null => messages.get(library) ?? null;
  expect(findMissing(["libcuda.so.1", ...messages.keys()], why)).toEqual(["libcudnn.so.9", "libcublasLt.so.12"]);
});

it.runIf(process.platform === "linux")("asks the system's own loader", () => {
  expect(whyNotLoadable("libc.so.6")).toBeNull();
  expect(findMissing(["libc.so.6", "libno-such-thing.so.7"])).toEqual(["libno-such-thing.so.7"]);
});
