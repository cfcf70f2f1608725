import { inspect } from "node:util";
import { OpError } from "../../op-error.ts";
import { setting, type Environment } from "./environment.ts";

/**
 * Runs the work; an error that holds a secret anywhere (message, stack, cause, fields) is replaced by one that does not. No error
 * of ours holds one, but those of libraries may quote a header.
 */
export async function hideSecrets<T>(secrets: readonly (string | null)[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const held = secrets.filter((secret) => secret !== null && secret !== "") as string[];
    const shown = inspect(error, { depth: 8, showHidden: true, maxStringLength: null }) + String(error);
    if (!held.some((secret) => shown.includes(secret))) throw error;
    const clean = (text: string) => held.reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
    const message = clean(error instanceof Error ? error.message : String(error));
    const [code, hint] = error instanceof OpError ? [error.code, error.hint] : ["weights-failed", null];
    throw new OpError(code, message, hint === null ? null : clean(hint));
  }
}

/** The names and passwords of the proxies. */
export function proxySecrets(environment: Environment): readonly string[] {
  return ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"].flatMap((name) => {
    const text = setting(environment, [name]);
    return /^(?:\w+:\/\/)?([^@/]+)@/.exec(text ?? "")?.[1] ?? [];
  });
}
