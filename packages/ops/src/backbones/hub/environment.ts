import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { OpError } from "../../op-error.ts";

/** The variables of a process. Handed in, so that a test never changes those of its own process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The first of the variables that is set to something, with `~` and `$NAME` expanded as huggingface_hub does; or null. */
export function folderSetting(environment: Environment, names: readonly string[]): string | null {
  const text = setting(environment, names);
  if (text === null) return null;
  return text
    .replace(/^~(?=$|[/\\])/, () => homeFolder(environment))
    .replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
      return environment[braced ?? bare ?? ""] ?? whole;
    });
}

/** The first of the variables that is set to something; or null. */
export function setting(environment: Environment, names: readonly string[]): string | null {
  for (const name of names) {
    const value = environment[name]?.trim();
    if (value) return value;
  }
  return null;
}

export function homeFolder(environment: Environment): string {
  return setting(environment, ["HOME"]) ?? homedir();
}

/** `$HF_HOME`, or `huggingface` in the user's cache folder. */
export function huggingFaceHome(environment: Environment): string {
  return folderSetting(environment, ["HF_HOME"]) ?? join(userCache(environment), "huggingface");
}

export function userCache(environment: Environment): string {
  return folderSetting(environment, ["XDG_CACHE_HOME"]) ?? join(homeFolder(environment), ".cache");
}

/**
 * The name of the variable that forbids requests, or null. Unlike huggingface_hub, `HF_HUB_OFFLINE=0` does not outweigh
 * `TRANSFORMERS_OFFLINE=1`: who set either to true wants no request.
 */
export function offlineVariable(environment: Environment): string | null {
  const names = ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"];
  return names.find((name) => /^(1|true|yes|on)$/i.test(environment[name]?.trim() ?? "")) ?? null;
}

/**
 * Where the hub is, without a slash at its end: `$HF_ENDPOINT`, or the public one.
 * @throws OpError `weights-endpoint-invalid`
 */
export function hubEndpoint(environment: Environment): string {
  const text = setting(environment, ["HF_ENDPOINT"]);
  // Not the library's HUB_URL: reading a constant would load all of it, and it knows no HF_ENDPOINT.
  if (text === null) return "https://huggingface.co";
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash) {
    return url.href.replace(/\/+$/, "");
  }
  // The text is not shown: it may hold a password.
  throw new OpError(
    "weights-endpoint-invalid",
    "The variable HF_ENDPOINT is not an address like https://hub.example.org (without name, password or query).",
    "Mend or unset HF_ENDPOINT.",
  );
}

/**
 * The token for the hub: the variables, then the file that `hf auth login` writes; null where there is none. It is never to be
 * shown: the errors here name only where it came from.
 * @throws OpError `weights-token-invalid`
 */
export async function readToken(environment: Environment): Promise<string | null> {
  for (const name of ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"]) {
    const value = setting(environment, [name]);
    if (value !== null) return checkToken(value, `The variable ${name}`);
  }
  const path = folderSetting(environment, ["HF_TOKEN_PATH"]) ?? join(huggingFaceHome(environment), "token");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    return null;
  }
  const token = text.trim();
  return token === "" ? null : checkToken(token, `The file ${path}`);
}

/**
 * A token that no header can hold would make `fetch` throw an error that quotes it. The library's own check (`hf_` in front) is
 * not made: tokens of an OAuth login and of private hubs look otherwise.
 * @param where completes "WHERE does not hold a token"
 */
export function checkToken(token: string, where: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new OpError(
    "weights-token-invalid",
    `${where} does not hold a token: there are spaces or other characters in it that no token has.`,
    "Log in again with `hf auth login`, or set HF_TOKEN to a token from the hub's settings page.",
  );
}
