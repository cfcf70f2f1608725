import { rowWidth } from "@exp-lab/ops";
import type { PlannedTask } from "../1-plan/plan.ts";
import type { Store } from "../store/store.ts";
import type { EncodedInput } from "./executor.ts";
import type { TaskAnswer } from "./outcome.ts";
import { decodeRowSet } from "./row-set.ts";

/** An upstream as a task sees it: which task, and its answer. */
export interface Upstream {
  readonly planned: PlannedTask;
  readonly answer: TaskAnswer;
}

/** A stored answer turned out to be damaged or gone between planning and use. */
export class LostAnswer extends Error {
  readonly upstream: Upstream;

  constructor(upstream: Upstream) {
    super(`The stored answer of "${upstream.planned.task.label}" is damaged or gone.`);
    this.name = "LostAnswer";
    this.upstream = upstream;
  }
}

/** Memory for so many numbers. */
export type Allocate = (length: number) => Float32Array;

const ownMemory: Allocate = (length) => new Float32Array(length);

/**
 * Reads a task's inputs out of the store, yielding to others between shards.
 * @throws LostAnswer where an artifact or a row is absent or does not verify
 */
export async function gatherInputs(
  upstreams: Readonly<Record<string, Upstream>>,
  store: Store,
  allocate = ownMemory,
): Promise<Readonly<Record<string, EncodedInput>>> {
  const inputs: Record<string, EncodedInput> = {};
  for (const [name, upstream] of Object.entries(upstreams)) inputs[name] = await gather(upstream, store, allocate);
  return inputs;
}

/** Bytes of all that a task is handed. */
export function countInputBytes(inputs: Readonly<Record<string, EncodedInput>>): number {
  return Object.values(inputs).reduce(
    (sum, input) => sum + (input.form === "rows" ? input.data.byteLength : input.bytes.byteLength),
    0,
  );
}

async function gather(upstream: Upstream, store: Store, allocate: Allocate): Promise<EncodedInput> {
  const { planned, answer } = upstream;
  const artifact = store.readArtifact(answer.artifact);
  if (artifact === null) throw new LostAnswer(upstream);
  const origin = { op: planned.task.op, params: planned.task.params };
  if (planned.op.shape !== "per example") return { form: "artifact", kind: answer.kind, bytes: artifact.bytes, origin };

  const set = decodeRowSet(artifact.bytes);
  const data = allocate(set.examples.length * rowWidth(set.layout));
  const reading = store.readRows(set.recipe, set.examples, data);
  for (let step = reading.next(); ; step = reading.next()) {
    if (step.done === true) {
      // Rows that were computed anew after damage may differ in their last bits from those that this answer was about.
      const checks = store.readRowChecks(set.recipe, set.examples);
      const isWhole = step.value.length === 0 && checks.every((check, index) => check === set.checks[index]);
      if (!isWhole) throw new LostAnswer(upstream);
      break;
    }
    await new Promise(setImmediate);
  }
  return { form: "rows", kind: answer.kind, layout: set.layout, digests: set.examples, data, origin };
}
