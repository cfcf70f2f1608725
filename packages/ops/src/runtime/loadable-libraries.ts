import { constants } from "node:os";

/**
 * Whether the dynamic loader finds a library of the system and everything that it needs in turn; what it says where it does
 * not. Loading is the only way to ask: the loader's places (LD_LIBRARY_PATH, its cache, the binary's own) are its secret.
 * A library that is no module of Node's is closed again at once.
 */
export function whyNotLoadable(library: string): string | null {
  try {
    process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_LAZY);
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return /cannot open shared object file|image not found|no such file/i.test(reason) ? reason : null;
  }
}

/** The library that a loader's message says is not there, which may be one that the wanted library needs; null where it names none. */
export function missingLibrary(message: string): string | null {
  return /(lib[\w.+-]+\.so[\w.]*): cannot open shared object file/.exec(message)?.[1] ?? null;
}

/** Those of the libraries that the loader does not find, by the name of what is missing in the end. */
export function findMissing(libraries: readonly string[], why: (library: string) => string | null = whyNotLoadable) {
  const missing = libraries.flatMap((library) => {
    const reason = why(library);
    return reason === null ? [] : [missingLibrary(reason) ?? library];
  });
  return [...new Set(missing)];
}
