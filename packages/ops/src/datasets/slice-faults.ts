import type { SplitName } from "@exp-lab/dsl";
import { refuse, type OpError } from "../op-error.ts";
import { describeLeftOut, type LeftOut } from "./leave-out.ts";

/** What becomes of what is wrong with a data set's files. */
export interface SliceFaults {
  /** Whether every slice is decoded, so that it is known which files are to be left out. */
  readonly isTrying: boolean;
  /** True: the first file that cannot be read ends it all. */
  readonly isStrict: boolean;
  /** Of a file that cannot be read. @param split null where it is not known */
  readonly file: (error: OpError, split: SplitName | null) => void;
  /** Of folders and names. */
  readonly problem: (error: OpError) => void;
  /** Of files without labels, and of labels without files. @param note the same where they may be left out */
  readonly unmatched: (error: OpError, note: string) => void;
  /** What has been left out. */
  readonly notes: () => readonly string[];
  /** What has been passed over. */
  readonly problems: () => readonly OpError[];
  /** What a run would leave out, where the data set is only looked at. */
  readonly leftOut: () => readonly OpError[];
}

/** Throws whatever it is told. */
export function stopAtFaults(): SliceFaults {
  return {
    ...{ isTrying: false, isStrict: true, file: refuse, problem: refuse, unmatched: refuse },
    ...{ notes: () => [], ...nothing },
  };
}

/** Remembers which files are left out, and throws what is no file's. */
export function leaveOutFaults(): SliceFaults {
  const files: LeftOut[] = [];
  const notes: string[] = [];
  return {
    ...{ isTrying: true, isStrict: false, problem: refuse },
    file: (error, split) => files.push({ split, error }),
    unmatched: (_, note) => notes.push(note),
    notes: () => [...describeLeftOut(files), ...notes],
    ...nothing,
  };
}

/** Remembers everything: the data set is only looked at. @param isSkipping whether a run would leave out what it can */
export function collectFaults(isSkipping: boolean): SliceFaults {
  const problems: OpError[] = [];
  const leftOut: OpError[] = [];
  const keep = (error: OpError): number => problems.push(error);
  const pass = (error: OpError): number => (isSkipping ? leftOut : problems).push(error);
  return {
    ...{ isTrying: false, isStrict: false, file: pass, problem: keep, unmatched: pass },
    ...{ notes: () => [], problems: () => problems, leftOut: () => leftOut },
  };
}

const nothing = { problems: () => [], leftOut: () => [] } as const;
