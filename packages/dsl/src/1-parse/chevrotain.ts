import type * as Library from "chevrotain";

/*
 * The one door to Chevrotain. Its package is several hundred small files, which take Node a quarter of a second to load
 * on every command; the same library lies in the package as one file, which takes a twentieth of that. Its `exports` do
 * not name that file, hence the detour. Where it is not found (a bundler, another release) the package itself is loaded.
 */
const library = await loadLibrary();

export const CstParser = library.CstParser;
export const Lexer = library.Lexer;
export const createToken = library.createToken;
export const createTokenInstance = library.createTokenInstance;
export const generateCstDts = library.generateCstDts;
export const tokenMatcher = library.tokenMatcher;

async function loadLibrary(): Promise<typeof Library> {
  const bundle = findBundle();
  if (bundle !== null) {
    try {
      return (await import(/* @vite-ignore */ bundle)) as typeof Library;
    } catch {
      // No such file there: the package itself has everything.
    }
  }
  return await import("chevrotain");
}

function findBundle(): string | null {
  try {
    const entry = import.meta.resolve("chevrotain");
    return entry.endsWith("/lib/src/api.js") ? entry.replace(/src\/api\.js$/, "chevrotain.min.mjs") : null;
  } catch {
    return null;
  }
}
