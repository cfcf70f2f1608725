import { OpError } from "../../op-error.ts";
import { nearestName } from "../../onnx/nearest-name.ts";
import type { Answer } from "./exchange.ts";
import type { HubAccess } from "./hub-access.ts";
import { listRemoteNames } from "./list-remote-names.ts";
import { shownUrl } from "./source-names.ts";

/**
 * What the hub's refusal of a file means. It says so itself in `x-error-code`; where a repository is not there or is private, it
 * answers 401 to who has no token and 404 to others, so as not to tell the two apart.
 */
export async function hubRefusal(access: HubAccess, file: string, { url, response, before }: Answer): Promise<OpError> {
  const { repository, revision } = access;
  const page = `${access.endpoint}/${repository}`;
  const { status } = response;
  const isForeign = url.origin !== new URL(access.endpoint).origin;
  switch (response.headers.get("x-error-code")) {
    case "GatedRepo":
      return gated(access, page, status);
    case "RevisionNotFound":
      return new OpError(
        "weights-revision-unknown",
        `The repository ${page} has no revision ${revision}.`,
        "Name a branch, a tag or a commit of it; without a revision, `main` is taken.",
      );
    case "EntryNotFound":
      return unknownFile(access, file, before.concat(response));
    case "RepoNotFound":
      return unknownRepository(access, page);
    default:
      if (isForeign || (status !== 401 && status !== 403 && status !== 404)) return refused(url, status);
      if (status === 403 && access.token === null) return refused(url, status);
      if (status === 404 || access.token === null) return unknownRepository(access, page);
      return unauthorised(access, page, status);
  }
}

function gated({ repository, token }: HubAccess, page: string, status: number): OpError {
  const state = token === null ? "no token was found" : "the token that was found has no access";
  return new OpError(
    "weights-gated",
    `The publisher of ${repository} gives it to those alone who accepted its terms; ${state} (${status}).`,
    `Accept its terms at ${page} and set HF_TOKEN to a token of the same account (or run \`hf auth login\`).`,
  );
}

function unauthorised({ repository }: HubAccess, page: string, status: number): OpError {
  return new OpError(
    "weights-unauthorised",
    `The hub does not take the token for ${repository} (${status}, ${page}): it is wrong, has expired, or lacks the right to read.`,
    "Set HF_TOKEN to a valid token, or run `hf auth login`; for a public repository no token is needed: unset it.",
  );
}

function unknownRepository({ token }: HubAccess, page: string): OpError {
  return new OpError(
    "weights-repository-unknown",
    `There is no repository ${page}, or it is private${token === null ? " and no token was found" : " and the token has no access"}.`,
    "Check organisation/name. For a private one set HF_TOKEN, or run `hf auth login`.",
  );
}

function refused(url: URL, status: number): OpError {
  return new OpError("weights-refused", `${url.host} refuses ${shownUrl(url)} (${status}).`, "Open it in a browser.");
}

async function unknownFile(access: HubAccess, file: string, answers: readonly Response[]): Promise<OpError> {
  const { repository, revision } = access;
  const commit = answers.map(({ headers }) => headers.get("x-repo-commit")).find((each) => each !== null);
  const names = await listRemoteNames(access, commit ?? revision);
  const nearest = nearestName(file, names);
  return new OpError(
    "weights-file-unknown",
    `The repository ${repository} has no file ${file} at ${revision}${nearest === null ? "." : `; did you mean ${nearest}?`}`,
    hintOfNames(names),
  );
}

/** For a repository without any of the usual files. */
export async function noUsualFile(access: HubAccess): Promise<OpError> {
  const { repository, revision } = access;
  return new OpError(
    "weights-file-unknown",
    `The repository ${repository} has none of the files in which weights usually are (at ${revision}).`,
    hintOfNames(await listRemoteNames(access, revision)),
  );
}

const namesShown = 8;

function hintOfNames(names: readonly string[]): string {
  const likely = names.filter((name) => /\.(safetensors|bin|onnx|pt|pth|index\.json)$/.test(name));
  if (likely.length === 0) return "Name the file as the repository's page lists it.";
  const rest = likely.length - namesShown;
  return `Files of weights there: ${likely.slice(0, namesShown).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}.`;
}
