import { OpError } from "../../op-error.ts";
import type { HubSource, UrlSource } from "../weights/weights-source.ts";

/**
 * Names become paths in the cache and parts of addresses: what leads elsewhere is refused before either.
 * @throws OpError `weights-source-invalid`
 */
export function checkHubSource({ repository, file, revision }: HubSource): void {
  if (!/^[A-Za-z0-9]/.test(repository) || !isRepository(repository)) {
    throw invalid(
      `"${repository}" is not a repository of the hub.`,
      "Write organisation/name, with letters, digits and . _ - alone.",
    );
  }
  if (file !== null) checkFileName(file, `a file of ${repository}`);
  if (revision !== null) checkFileName(revision, `a revision of ${repository}`);
}

/**
 * A path with slashes, relative, that stays where it is, under the rules of every operating system: a shared cache may be read
 * from another one.
 * @param what completes "NAME cannot be WHAT"
 * @throws OpError `weights-source-invalid`
 */
export function checkFileName(name: string, what: string): void {
  const segments = name.split("/");
  const isSafe = segments.every((segment) => /^(?!\.{1,2}$)(?![A-Za-z]:)[^\\\u0000-\u001f\u007f]+$/.test(segment));
  if (isSafe && Buffer.byteLength(name) <= longest) return;
  throw invalid(`"${name}" cannot be ${what}.`, "Write a relative path with forward slashes and without `..`.");
}

const longest = 1024;

/**
 * The name under which what the address gives is kept: its last part.
 * @throws OpError `weights-source-invalid`
 */
export function checkUrlSource({ url, sha256 }: UrlSource): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw invalid("The address of the weights is not one of http or https.", 'Write url("https://..", ..).');
  }
  if (parsed.username || parsed.password) {
    throw invalid(
      `The address of the weights at ${shownUrl(url)} holds a name or password.`,
      "Download the file by hand and name it by `file(...)`.",
    );
  }
  if (!/^[0-9a-f]{8,64}$/i.test(sha256)) {
    throw invalid(
      `The SHA-256 of ${shownUrl(url)} is "${sha256}"; expected are 64 hex digits, or the first 8 or more.`,
      "Take it from the publisher, or run `sha256sum` on a file that you trust.",
    );
  }
  const name = decodePart(parsed.pathname.split("/").at(-1) ?? "");
  if (name === "" || name.includes("/")) {
    throw invalid(`The address ${shownUrl(url)} names no file.`, "Give the address of the file itself.");
  }
  checkFileName(name, `the name of a file (in ${shownUrl(url)})`);
  return name;
}

/** An address without its query, which may hold a signature, and without a password. */
export function shownUrl(url: string | URL): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

function isRepository(text: string): boolean {
  const parts = text.split("/");
  // Two hyphens stand for the slash in the cache's folders.
  return (
    parts.length === 2 &&
    parts.every((part) => /^\w[\w.-]{0,95}$/.test(part) && !/--|\.\.|[.-]$/.test(part)) &&
    !text.endsWith(".git")
  );
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function invalid(message: string, hint: string): OpError {
  return new OpError("weights-source-invalid", message, hint);
}
