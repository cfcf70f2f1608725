import { join } from "node:path";
import { OpError } from "../op-error.ts";
import { readSourceFile } from "./file-images.ts";

/**
 * The bytes of a file below a folder. No message says where that is on this machine.
 * @throws OpError `file-missing` or `file-unreadable` naming the file
 */
export async function readFileBelow(folder: string, name: string): Promise<Uint8Array> {
  return readSourceFile({ name, path: join(folder, name) }).catch((error: unknown) => {
    if (!(error instanceof OpError)) throw error;
    throw new OpError(error.code, error.message, "Put it back, or let it be read.");
  });
}
