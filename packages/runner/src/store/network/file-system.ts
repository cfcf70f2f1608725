import { statfsSync } from "node:fs";
import { platform } from "node:os";

/** What kind of disk a folder lies on. */
export interface FileSystem {
  /** Shared by several machines, so that no memory is common to all who have a file open. */
  readonly isNetwork: boolean;
  /** e.g. `NFS`; null for a local one. */
  readonly name: string | null;
}

const local: FileSystem = { isNetwork: false, name: null };

/** What Linux calls the file systems of networks and clusters (statfs(2), and the clusters' own documentation). */
const networkTypes: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB2"],
  [0x0bd00bd0, "Lustre"],
  [0x47504653, "GPFS"],
  [0x19830326, "BeeGFS"],
  [0x00c36400, "Ceph"],
  [0x5346414f, "AFS"],
  [0x6b414653, "AFS"],
  [0x01161970, "GFS2"],
  [0x7461636f, "OCFS2"],
  [0x73757245, "Coda"],
  [0x01021997, "9p"],
  [0x20030528, "OrangeFS"],
  [0xaad7aaea, "Panasas"],
  // Most of what is mounted through FUSE is remote (sshfs, s3fs, GlusterFS).
  [0x65735546, "FUSE"],
]);

/** Elsewhere than on Linux a folder counts as local: other systems do not tell by number. */
export function fileSystemOf(folder: string, system: string = platform()): FileSystem {
  return system === "linux" ? describeFileSystem(statfsSync(folder).type) : local;
}

/** By the number that Linux's `statfs` gives: signed on some machines, wider than 32 bits on others. */
export function describeFileSystem(type: number): FileSystem {
  const name = networkTypes.get(type >>> 0);
  return name === undefined ? local : { isNetwork: true, name };
}
