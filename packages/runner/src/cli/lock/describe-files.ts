import { basename } from "node:path";
import { formatBytes } from "../../4-report/bytes.ts";
import { countOf } from "../../4-report/count.ts";
import type { ChangedFile } from "./compare-lock.ts";
import { lockPathOf, type LockedFile } from "./file-lock.ts";

/** `dataset pneumonia, file: ${data}/pneumoniamnist.npz` */
export function nameFile({ declaration, parameter, written }: LockedFile): string {
  return `${declaration}, ${parameter}: ${written}`;
}

/** `4.2 MB, sha256 1f3a9c02…`; of many, how many they are before that. */
export function sizeAndDigest({ count, bytes, sha256 }: LockedFile): string {
  const files = count === undefined ? "" : `${countOf(count, "file")}, `;
  return `${files}${formatBytes(bytes)}, sha256 ${sha256.slice(0, shownDigits)}…`;
}

/** As many as tell files apart at a glance; the whole digest stands in the lock and in JSON. */
const shownDigits = 16;

/** One file that is not what is locked: where it is named, what was locked, and what is there now. */
export function describeChange(program: string, { file, origin, path, locked }: ChangedFile): string {
  const isWrong = file.count === undefined ? "is not the file" : "leads to other files than those";
  const place = `${origin.file}:${String(origin.line)}`;
  return [
    `${place}: ${nameFile(file)} ${isWrong} that ${basename(lockPathOf(program))} holds.`,
    ...locked.map((each, index) => `  ${index === 0 ? "locked" : "or    "}  ${sizeAndDigest(each)}`),
    `  now     ${sizeAndDigest(file)}, at ${path}`,
  ].join("\n");
}
