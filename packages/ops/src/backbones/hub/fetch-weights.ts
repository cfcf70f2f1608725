import { stat } from "node:fs/promises";
import { join } from "node:path";
import { OpError } from "../../op-error.ts";
import type { HubSource, UrlSource, WeightsSource } from "../weights/weights-source.ts";
import type { HubFile } from "./ask-hub.ts";
import { describeHub } from "./describe-hub.ts";
import { bringUrlByHand, describeUrl, urlRefusal } from "./describe-url.ts";
import { downloadFile } from "./download-file.ts";
import type { Environment } from "./environment.ts";
import { digestOfEtag, sha256OfFile } from "./file-digest.ts";
import { writeFailure } from "./file-failures.ts";
import { findWeights } from "./find-weights.ts";
import type { FoundWeights, HereWeights } from "./found-weights.ts";
import { hideSecrets, proxySecrets } from "./hide-secrets.ts";
import { fileUrl, hubAccess, requireOnline, type HubAccess } from "./hub-access.ts";
import { hubRefusal } from "./hub-refusals.ts";
import { linkSnapshot, writeRef } from "./link-snapshot.ts";
import type { RemoteOptions } from "./remote-options.ts";
import { shownUrl } from "./source-names.ts";
import { requireNotCancelled } from "./try-again.ts";
import { hubLocations, snapshotPath, urlLocation } from "./weight-locations.ts";
import { openWeb, type Web } from "./web.ts";

export interface FetchOptions extends RemoteOptions {
  /** Bytes of all files together, those included that are here already. `total` is null where a server does not say. */
  readonly progress?: (done: number, total: number | null) => void;
}

/**
 * Makes sure that weights are on this machine. Where they are, the network is not used: a branch stays at the commit that was
 * downloaded first. What is downloaded is verified as a whole by its digest before it gets its name, and goes on where an earlier
 * call was stopped.
 * @throws OpError, of the codes that docs and tests of this folder name: `weights-no-network`, `weights-digest-wrong`, ..
 */
export async function fetchWeights(source: WeightsSource, options: FetchOptions = {}): Promise<HereWeights> {
  const { environment = process.env, signal = null } = options;
  requireNotCancelled(signal);
  const digestOf = (path: string) => sha256OfFile(path, signal);
  const found = await findWeights(source, { environment, digestOf }).catch((error: unknown) => {
    requireNotCancelled(signal);
    throw error;
  });
  if (found.status === "here") return found;
  if (source.weights === "file") {
    throw new OpError("weights-file-missing", found.reason, "Check the path: it is taken from the folder of the run.");
  }
  return hideSecrets(proxySecrets(environment), async () => {
    const fetching = { environment, options, reason: found.reason.replace(/\.$/, "") };
    return source.weights === "url" ? fetchUrl(source, fetching) : fetchHub(source, fetching);
  });
}

interface Fetching {
  readonly environment: Environment;
  readonly options: FetchOptions;
  /** Why it is not here, without a full stop. */
  readonly reason: string;
}

async function fetchHub(source: HubSource, { environment, options, reason }: Fetching): Promise<HereWeights> {
  const web = await openWeb(environment, options);
  const access = await hubAccess(source, { environment, web, token: options.token });
  requireOnline(environment, reason, access.byHand);
  return hideSecrets([access.token], async () => {
    const files = await describeHub(access, source.file);
    const locations = hubLocations(source, environment);
    await downloadAll({ access, files, blobs: locations.blobs, progress: options.progress });
    const commit = files[0]!.commit;
    try {
      for (const { name, etag } of files) {
        await linkSnapshot(snapshotPath(locations.folder, commit, name), join(locations.blobs, etag));
      }
      if (locations.ref !== null) await writeRef(locations.ref, commit);
    } catch (error) {
      throw writeFailure(error, locations.folder) ?? error;
    }
    // Of the file and commit at hand: an earlier one in the usual order may be in the cache by another program.
    return requireHere(await findWeights({ ...source, file: files[0]!.name, revision: commit }, { environment }));
  });
}

interface HubDownload {
  readonly access: HubAccess;
  readonly files: readonly HubFile[];
  readonly blobs: string;
  readonly progress: FetchOptions["progress"];
}

/** One after the other: one connection fills most lines, and a run that is stopped then leaves whole files behind. */
async function downloadAll({ access, files, blobs, progress }: HubDownload): Promise<void> {
  const total = files.reduce<number | null>(
    (sum, { bytes }) => (sum === null || bytes === null ? null : sum + bytes),
    0,
  );
  let before = 0;
  for (const file of files) {
    const target = join(blobs, file.etag);
    const done = before;
    await downloadFile(access.web, {
      request: {
        url: fileUrl(access, file.commit, file.name),
        token: access.token,
        byHand: access.byHand,
        refusal: (answer) => hubRefusal(access, file.name, answer),
      },
      target,
      bytes: file.bytes,
      digest: digestOfEtag(file.etag),
      what: `${file.name} of ${access.repository}`,
      progress: (bytes) => progress?.(done + bytes, total),
    });
    before += (await stat(target)).size;
    progress?.(before, total);
  }
}

async function fetchUrl(source: UrlSource, { environment, options, reason }: Fetching): Promise<HereWeights> {
  const byHand = bringUrlByHand(source, environment);
  requireOnline(environment, reason, byHand);
  const web: Web = await openWeb(environment, options);
  const remote = await describeUrl(web, source, byHand);
  const bytes = remote.files[0]?.bytes ?? null;
  const target = urlLocation(source, environment);
  await downloadFile(web, {
    request: { url: new URL(source.url), token: null, byHand, refusal: urlRefusal },
    target,
    bytes,
    digest: { kind: "sha256", hex: source.sha256.toLowerCase() },
    what: shownUrl(source.url),
    progress: (done) => options.progress?.(done, bytes),
  });
  const { path, files } = requireHere(await findWeights(source, { environment }));
  // The program may have said its first digits alone.
  const sha256 = files[0]!.sha256 ?? (await sha256OfFile(path, web.signal));
  return { status: "here", path, files: [{ ...files[0]!, sha256 }] };
}

function requireHere(found: FoundWeights): HereWeights {
  if (found.status === "here") return found;
  throw new Error(`What was downloaded is not found again: ${found.reason}`);
}
