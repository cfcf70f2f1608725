/** The engine that graphs run on, for people. */
export interface RuntimeDescription {
  /** e.g. `onnxruntime 1.30.0` */
  readonly version: string;
  /** Providers that this build of the engine has, e.g. `cpu`; one that is bundled may still lack its device. */
  readonly backends: readonly { readonly name: string; readonly bundled: boolean }[];
}

/** @throws Error where onnxruntime-node, or the binary of this platform, cannot be loaded */
export async function describeRuntime(): Promise<RuntimeDescription> {
  const runtime = await import("onnxruntime-node");
  const backends = runtime.listSupportedBackends().map(({ name, bundled }) => ({ name, bundled }));
  return { version: `onnxruntime ${runtime.env.versions.node ?? runtime.env.versions.common}`, backends };
}
