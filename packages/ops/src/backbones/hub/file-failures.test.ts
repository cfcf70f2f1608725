import { expect, it } from "vitest";
import { writeFailure } from "./file-failures.ts";

const error = (code: string) => Object.assign(new Error("x"), { code });

it("says what to do about a full disk and about a folder that cannot be written", () => {
  for (const code of ["ENOSPC", "EDQUOT"]) {
    const failure = writeFailure(error(code), "/cache/blobs");
    expect(failure).toMatchObject({ code: "weights-disk-full" });
    expect(failure?.message).toContain("/cache/blobs");
    expect(failure?.hint).toContain("HF_HUB_CACHE");
  }
  for (const code of ["EACCES", "EPERM", "EROFS", "ENOTDIR"]) {
    expect(writeFailure(error(code), "/cache")).toMatchObject({ code: "weights-cache-unwritable" });
  }
});

it("leaves what is none of these alone", () => {
  for (const other of [error("EIO"), new Error("x"), "x", null]) expect(writeFailure(other, "/cache")).toBeNull();
});
