import { expect, test } from "vitest";
import { describeFileSystem, fileSystemOf } from "./file-system.ts";
import { makeTemporaryFolder } from "../contract/temporary-folder.ts";

test.each([
  ["NFS", 0x6969, true],
  ["CIFS", 0xff534d42, true],
  ["CIFS", 0xff534d42 | 0, true],
  ["SMB2", 0xfe534d42, true],
  ["Lustre", 0x0bd00bd0, true],
  ["GPFS", 0x47504653, true],
  ["BeeGFS", 0x19830326, true],
  ["FUSE", 0x65735546, true],
  // ext4, xfs, btrfs, tmpfs, overlay
  [null, 0xef53, false],
  [null, 0x58465342, false],
  [null, 0x9123683e, false],
  [null, 0x01021994, false],
  [null, 0x794c7630, false],
])("%s is %i; of a network: %s", (name, type, isNetwork) => {
  expect(describeFileSystem(type)).toEqual({ isNetwork, name });
});

test("a system whose numbers are not known is taken for local", () => {
  expect(fileSystemOf(makeTemporaryFolder(), "darwin")).toEqual({ isNetwork: false, name: null });
});
