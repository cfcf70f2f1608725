/**
 * The path that `written` means in the file `from`: relative to the folder of that file, with `.` and `..` resolved.
 * Absolute paths stay as they are. Paths are POSIX, and a relative `from` gives a relative answer.
 */
export function resolvePath(from: string, written: string): string {
  return normalisePath(written.startsWith("/") ? written : `${folderOf(from)}/${written}`);
}

/** The folder of a file; `.` where the path has none. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  if (slash < 0) return ".";
  return slash === 0 ? "/" : path.slice(0, slash);
}

/** A path without `.`, doubled slashes or inner `..`; a relative path keeps the `..` that it starts with. */
export function normalisePath(path: string): string {
  const isAbsolute = path.startsWith("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (part !== ".." || !isAbsolute) kept.push(part);
  }
  if (isAbsolute) return `/${kept.join("/")}`;
  return kept.length === 0 ? "." : kept.join("/");
}

/** Whether a normalised path lies in a normalised folder (or is it). Links are not followed: names alone decide. */
export function isInside(folder: string, path: string): boolean {
  if (folder.startsWith("/") !== path.startsWith("/")) return false;
  const outer = partsOf(folder);
  const inner = partsOf(path);
  const ups = inner.filter((part) => part === "..").length;
  const outerUps = outer.filter((part) => part === "..").length;
  // `..` as a folder holds everything with at most as many `..`; a named folder holds what starts with its name.
  if (outer.length === outerUps) return ups <= outerUps;
  return outer.every((part, position) => inner[position] === part);
}

function partsOf(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}
