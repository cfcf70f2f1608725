import type { HubSource, UrlSource } from "../weights/weights-source.ts";
import { describeHub } from "./describe-hub.ts";
import { bringUrlByHand, describeUrl } from "./describe-url.ts";
import type { RemoteWeights } from "./found-weights.ts";
import { hideSecrets, proxySecrets } from "./hide-secrets.ts";
import { hubAccess, requireOnline } from "./hub-access.ts";
import type { RemoteOptions } from "./remote-options.ts";
import { checkHubSource, checkUrlSource, shownUrl } from "./source-names.ts";
import { openWeb } from "./web.ts";

/**
 * What the publisher says of weights: commit, names, digests, lengths. Nothing is written, and nothing downloaded but the index of
 * shards. For a plan that has to know digests before there is anything to digest.
 * @throws OpError `weights-offline`, `weights-no-network`, `weights-repository-unknown`, `weights-revision-unknown`,
 *   `weights-file-unknown`, `weights-gated`, `weights-unauthorised` and others of this folder
 */
export async function describeRemote(
  source: HubSource | UrlSource,
  options: RemoteOptions = {},
): Promise<RemoteWeights> {
  const { environment = process.env } = options;
  if (source.weights === "url") {
    checkUrlSource(source);
    const byHand = bringUrlByHand(source, environment);
    requireOnline(environment, `What ${shownUrl(source.url)} holds is not known`, byHand);
    return hideSecrets(proxySecrets(environment), async () =>
      describeUrl(await openWeb(environment, options), source, byHand),
    );
  }
  checkHubSource(source);
  return hideSecrets(proxySecrets(environment), async () => {
    const web = await openWeb(environment, options);
    const access = await hubAccess(source, { environment, web, token: options.token });
    requireOnline(environment, `What ${source.repository} holds is not known`, access.byHand);
    return hideSecrets([access.token], async () => {
      const files = await describeHub(access, source.file);
      return {
        commit: files[0]?.commit ?? null,
        files: files.map(({ name, sha256, bytes }) => ({ name, sha256, bytes })),
      };
    });
  });
}
