import type { LibraryName } from "../op.ts";

/**
 * The packages that pixels come out of. Another version may round other greys, or find another file damaged. Nobody knows
 * what a file is until it is opened, so that a task which decodes any of them hangs on all.
 */
export const decoderLibraries = ["sharp", "dcmjs-codecs", "h5wasm"] as const satisfies readonly LibraryName[];
