import type { CheckContext } from "../check-context.ts";
import type { CheckedProgram } from "../checked-program.ts";
import type { LoadedProgram } from "../load-program.ts";

/** One thing that a program must hold to once its names and values are known. Reports what does not. */
export type Rule = (subject: RuleSubject) => void;

export interface RuleSubject {
  readonly loaded: LoadedProgram;
  readonly program: CheckedProgram;
  /** Whether no error was found so far: what a broken part would have used cannot be told. */
  readonly isWhole: boolean;
  readonly context: CheckContext;
}
