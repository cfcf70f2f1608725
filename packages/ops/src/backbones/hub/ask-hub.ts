import { OpError } from "../../op-error.ts";
import { exchange, unexpected, type Answer } from "./exchange.ts";
import { fileUrl, type HubAccess } from "./hub-access.ts";
import { hubRefusal } from "./hub-refusals.ts";
import { tryAgain } from "./try-again.ts";
import { isCommit } from "./weight-locations.ts";

/** What the hub says of one file. */
export interface HubFile {
  readonly name: string;
  readonly commit: string;
  /** The name of its blob: a SHA-256 or git's SHA-1, in hex; mirrors may have names of their own. */
  readonly etag: string;
  /** 64 hex digits; null where the hub gives git's SHA-1 alone. */
  readonly sha256: string | null;
  readonly bytes: number | null;
}

/**
 * Asks for one file by HEAD. For a large file the hub leads to a store on another host, and says on this first answer what is to
 * be known; that host is then not asked, whose own ETag is not the digest.
 *
 * The library has no such call: its `fileDownloadInfo` is a GET that follows redirects and does not give the commit, and the
 * commit that `pathsInfo` gives is the last one to change the file, not the one that the revision stands for.
 * @throws OpError
 */
export async function askHub(access: HubAccess, revision: string, file: string): Promise<HubFile> {
  return ask(access, { revision, file, refusal: (answer) => hubRefusal(access, file, answer) });
}

/** The same, or null where the repository has no such file: for names that are tried one after the other. */
export async function askHubIfThere(access: HubAccess, revision: string, file: string): Promise<HubFile | null> {
  const absent = new OpError("weights-file-unknown", file);
  const isAbsent = ({ response }: Answer) => response.headers.get("x-error-code") === "EntryNotFound";
  try {
    return await ask(access, {
      revision,
      file,
      refusal: (answer) => (isAbsent(answer) ? absent : hubRefusal(access, file, answer)),
    });
  } catch (error) {
    if (error === absent) return null;
    throw error;
  }
}

interface Question {
  readonly revision: string;
  readonly file: string;
  readonly refusal: (answer: Answer) => OpError | Promise<OpError>;
}

async function ask(access: HubAccess, { revision, file, refusal }: Question): Promise<HubFile> {
  const { web } = access;
  const attempts = { wait: (milliseconds: number) => web.wait(milliseconds, web.signal) };
  const answer = await tryAgain(web, attempts, () =>
    exchange(web, {
      method: "HEAD",
      url: fileUrl(access, revision, file),
      token: access.token,
      byHand: access.byHand,
      wasReached: false,
      isEnough: saysAll,
      refusal,
    }),
  );
  return readAnswer(answer, file);
}

function saysAll({ headers }: Response): boolean {
  return ["x-repo-commit", "x-linked-etag", "x-linked-size"].every((name) => headers.has(name));
}

function readAnswer({ url, response, before }: Answer, name: string): HubFile {
  const all = [...before, response];
  const first = (header: string) => all.map(({ headers }) => headers.get(header)).find((value) => value !== null);
  const commit = first("x-repo-commit");
  // A plain ETag is the blob's name only on an answer of the hub itself.
  const own = response.ok && response.headers.has("x-repo-commit") ? response.headers.get("etag") : null;
  const etag = (first("x-linked-etag") ?? own)?.replace(/^W\//, "").replaceAll('"', "");
  const length = first("x-linked-size") ?? (response.ok ? response.headers.get("content-length") : null);
  if (commit === undefined || !isCommit(commit)) throw unexpected(url, "the header x-repo-commit is missing");
  // It becomes the name of a file.
  if (etag === undefined || !/^\w[\w.-]{7,127}$/.test(etag))
    throw unexpected(url, "it gives no ETag that names the file");
  const sha256 = /^[0-9a-f]{64}$/.test(etag) ? etag : null;
  return { name, commit, etag, sha256, bytes: length != null && /^\d+$/.test(length) ? Number(length) : null };
}
