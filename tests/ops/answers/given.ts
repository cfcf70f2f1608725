import type { ArtifactKinds, KindName } from "../../../packages/ops/src/artifacts/kinds.ts";
import type { InputValue } from "../../../packages/ops/src/op-context.ts";

/** An input of a case, as the runner would hand it over; `origin` where bytes are to be found. */
export function given<Kind extends KindName>(
  kind: Kind,
  value: ArtifactKinds[Kind],
  origin: InputValue["origin"] = { op: "test", params: {} },
): InputValue {
  return { kind, value, origin };
}
