/** The command line's contract: what a script may rely on. */
export const exitCodes = {
  done: 0,
  /** Some tasks failed, `fmt --check` found a difference, `cache verify` damage, or `data check` something to look at. */
  failed: 1,
  /** The program or the command line is wrong. */
  wrong: 2,
  /** `plan --detailed-exitcode`, and there is work to do. */
  workToDo: 3,
  /** The environment lacks something: a build, disk space, a writable store. */
  environment: 4,
  /** A bug of ours. */
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends a command with a message instead of a result; the message has been made for the user. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;
  readonly hint: string | null;

  constructor(exitCode: ExitCode, message: string, hint: string | null = null) {
    super(message);
    this.name = "CommandError";
    this.exitCode = exitCode;
    this.hint = hint;
  }
}
