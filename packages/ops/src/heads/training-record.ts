import type { ExampleSet } from "../artifacts/examples.ts";
import type { OpContext } from "../op-context.ts";
import { notesOfChoice } from "./notes-of-choice.ts";
import type { HeadRecord } from "./to-predictions.ts";
import { trainedOn } from "./trained-on.ts";

/**
 * What every head carries of how it came about: how many examples it learned from and what has to be said of these (that shots
 * were short, that validation examples are among them), what the search says that chose its settings, and the head's own notes.
 */
export function trainingRecord(
  context: Pick<OpContext, "inputs">,
  training: ExampleSet,
  ownNotes: readonly string[],
): Required<HeadRecord> {
  const notes = [...training.notes, ...notesOfChoice(context), ...ownNotes];
  return { trainedOn: trainedOn(training), notes: [...new Set(notes)] };
}
