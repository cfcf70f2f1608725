import { OpError } from "../../op-error.ts";
import type { HubSource } from "../weights/weights-source.ts";
import { checkToken, hubEndpoint, offlineVariable, readToken, type Environment } from "./environment.ts";
import { defaultRevision, hubCacheFolder } from "./weight-locations.ts";
import type { Web } from "./web.ts";

/** A repository at a revision, and what is needed to ask for it. */
export interface HubAccess {
  readonly web: Web;
  readonly endpoint: string;
  readonly token: string | null;
  readonly repository: string;
  readonly revision: string;
  /** How its files are brought without a network, for messages. */
  readonly byHand: string;
}

export interface AccessOptions {
  readonly environment: Environment;
  readonly web: Web;
  /** In place of the environment's; null: none. */
  readonly token: string | null | undefined;
}

/** @throws OpError `weights-token-invalid`, `weights-endpoint-invalid` */
export async function hubAccess(source: HubSource, options: AccessOptions): Promise<HubAccess> {
  const { environment, web, token } = options;
  const given = typeof token === "string" ? checkToken(token, "What was given as a token") : token;
  return {
    web,
    endpoint: hubEndpoint(environment),
    token: given === undefined ? await readToken(environment) : given,
    repository: source.repository,
    revision: source.revision ?? defaultRevision,
    byHand: bringByHand(source, environment),
  };
}

/** The address of a file, each part escaped; the slashes of a revision are part of its name. */
export function fileUrl({ endpoint, repository }: HubAccess, revision: string, file: string): URL {
  const path = file.split("/").map(encodeURIComponent).join("/");
  return new URL(`${endpoint}/${repository}/resolve/${encodeURIComponent(revision)}/${path}`);
}

function bringByHand({ repository, file, revision }: HubSource, environment: Environment): string {
  const folder = ["models", ...repository.split("/")].join("--");
  const words = ["hf download", repository, file, revision === null ? null : `--revision ${revision}`];
  const command = words.filter((word) => word !== null).join(" ");
  return (
    `run \`${command}\` where there is one and copy the folder ${folder} of its cache into ${hubCacheFolder(environment)}` +
    " (keep links as links), or name a file that is here by `file(...)`."
  );
}

/**
 * Before any request.
 * @param what completes "WHAT is not on this machine", the message's first half
 * @throws OpError `weights-offline`
 */
export function requireOnline(environment: Environment, what: string, byHand: string): void {
  const variable = offlineVariable(environment);
  if (variable === null) return;
  throw new OpError(
    "weights-offline",
    `${what}, and the variable ${variable} forbids to ask the network for it.`,
    `Unset ${variable}, or ${byHand}`,
  );
}
