import { splitNames, type SplitName } from "@exp-lab/dsl";
import { countOf } from "../count-of.ts";
import { OpError } from "../op-error.ts";
import { everyNth, splitByPlace } from "./evenly-spaced.ts";

export interface PatientSplits {
  /** One for each file. */
  readonly splits: readonly SplitName[];
  /** For whoever reads a score. */
  readonly note: string;
}

/**
 * Splits by patients in even steps, in the order of their first files: of the patients counted from 0, every 5th is of test
 * and every 5th of the others of val.
 * @param files with their patients' pseudonyms
 * @throws OpError `patients-unknown` where a file has none, `too-few-patients` where a split would be empty
 */
export function splitByPatient(
  files: readonly { readonly name: string; readonly patient: string | null }[],
): PatientSplits {
  const nameless = files.filter(({ patient }) => patient === null);
  if (nameless.length > 0) {
    throw new OpError(
      "patients-unknown",
      `The patient of ${countOf(nameless.length, "file")} is not known, so that no split by patients can be made; the first is ${nameless[0]!.name}.`,
      "Name a column of the table by `split`, or one with patients by `group`.",
    );
  }
  const patients = [...new Set(files.map(({ patient }) => patient))];
  if (patients.length < splitNames.length) {
    throw new OpError(
      "too-few-patients",
      `Splits by patients need three of them, and there ${patients.length === 1 ? "is 1" : `are ${patients.length}`}.`,
      "Name a column of the table by `split`, or say by `group` where patients stand.",
    );
  }
  const drawn = splitByPlace(patients.length, { test: everyNth(5), val: everyNth(5) });
  const splitOf = new Map(patients.map((patient, index) => [patient, drawn[index]!]));
  const counts = splitNames.map((split) => {
    return `${drawn.filter((each) => each === split).length} of ${split}`;
  });
  return {
    splits: files.map(({ patient }) => splitOf.get(patient)!),
    note: `Splits are by patients in even steps, since no column says them: ${counts.join(", ")}.`,
  };
}
