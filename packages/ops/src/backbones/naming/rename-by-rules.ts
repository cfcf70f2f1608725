/** One rewriting of a name: where `from` is found in it, `to` takes its place (`$1` is the first group). */
export interface RenamingRule {
  readonly from: RegExp;
  readonly to: string;
}

export interface RenamingRules {
  /** Each is applied to what the rules before it made of the name. */
  readonly rules: readonly RenamingRule[];
  /** The names that the architecture has; what is none of them in the end is no tensor of it. */
  readonly architecture: RegExp;
}

/** A function from a file's name of a tensor to the architecture's; null where the architecture has no such tensor. */
export function renameByRules({ rules, architecture }: RenamingRules): (name: string) => string | null {
  return (name) => {
    const renamed = rules.reduce((current, { from, to }) => current.replace(from, to), name);
    return architecture.test(renamed) ? renamed : null;
  };
}
