import { examplesCodec, type ExampleSet } from "@exp-lab/ops";
import type { PlannedTask } from "../../1-plan/plan.ts";
import type { Upstream } from "../../2-execute/gather-inputs.ts";
import type { Store } from "../../store/store.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import type { PlannedProgram } from "../with-plan.ts";

/** The tasks of a program whose answers of one kind are stored. @throws CommandError (2) where there are none */
export function storedTasks(
  kind: string,
  { plan, hasStore, storeFolder }: PlannedProgram,
  file: string,
): readonly PlannedTask[] {
  const hint = `Run the program first: exp run ${file}`;
  if (!hasStore) throw new CommandError(exitCodes.wrong, `There is no store at ${storeFolder} yet.`, hint);
  const stored = plan.tasks.filter(({ answer, op }) => answer !== null && op.signature.output === kind);
  if (stored.length > 0) return stored;
  throw new CommandError(exitCodes.wrong, `No ${kind} of ${file} are stored yet.`, hint);
}

export function storedAnswer(planned: PlannedTask): Upstream {
  if (planned.answer === null) throw lostAnswer(planned);
  return { planned, answer: planned.answer };
}

/** @throws CommandError (4) where the answer is damaged or gone */
export function readAnswer(planned: PlannedTask, store: Store): Uint8Array {
  const bytes = planned.answer === null ? undefined : store.readArtifact(planned.answer.artifact)?.bytes;
  if (bytes === undefined) throw lostAnswer(planned);
  return bytes;
}

/** The task that made the examples of the split which a task was asked for: not those that a head was fitted on. */
export function findExamples(planned: PlannedTask, tasks: readonly PlannedTask[]): PlannedTask {
  const inputs = Object.entries(planned.op.signature.inputs);
  const asked = inputs.find(([, input]) => input.kind === "examples" && input.split === undefined);
  const id = planned.task.inputs[asked?.[0] ?? ""];
  const source = tasks.find(({ task }) => task.id === id);
  if (source === undefined) throw lostAnswer(planned);
  return source;
}

export function readExamples(source: PlannedTask, store: Store): ExampleSet {
  return examplesCodec.decode(readAnswer(source, store));
}

/** The split that a task was asked for, as it stands at the end of its label. */
export function splitOf({ task }: PlannedTask): string {
  const { split } = task.params;
  return typeof split === "string" ? split : "";
}

function lostAnswer({ task }: PlannedTask): CommandError {
  return new CommandError(
    exitCodes.environment,
    `The stored answer of "${task.label}" is damaged or gone.`,
    "Run the program again.",
  );
}
