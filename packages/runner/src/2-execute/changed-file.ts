import type { TaskFailure } from "./outcome.ts";

/** A file is not as it was when it was hashed: what was read from it is not the answer to the question. */
export class ChangedFile extends Error {
  readonly path: string;

  constructor(path: string) {
    super(`${path} changed during the run.`);
    this.name = "ChangedFile";
    this.path = path;
  }
}

export function changedFile(path: string): TaskFailure {
  return {
    code: "file-changed",
    message: `${path} changed while the run was using it, so that nothing read from it was kept.`,
    hint: "Run again once the file stays as it is.",
    stack: null,
  };
}
