/**
 * Something that the user can mend: a missing file, a bad label, a damaged image. It becomes the task's failure, shown
 * as it is. Any other exception is a bug of ours.
 */
export class OpError extends Error {
  readonly code: string;
  readonly hint: string | null;

  /** @param code stable and kebab-case, e.g. `image-truncated`
   *  @param message what is wrong and where: file, line or example
   *  @param hint what to do */
  constructor(code: string, message: string, hint: string | null = null) {
    super(message);
    this.name = "OpError";
    this.code = code;
    this.hint = hint;
  }
}

/** Where nothing is passed over: what is reported ends it. */
export function refuse(error: OpError): never {
  throw error;
}
