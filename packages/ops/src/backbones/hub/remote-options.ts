import type { Environment } from "./environment.ts";
import type { WebOptions } from "./web.ts";

export interface RemoteOptions extends WebOptions {
  /** `process.env` by default. */
  readonly environment?: Environment;
  /** For the hub, in place of the environment's (`HF_TOKEN` and others); null: none. */
  readonly token?: string | null;
}
