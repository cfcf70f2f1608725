/** A count of things in a message: `1 file`, `12 files`. For nouns whose plural ends in s. */
export function countOf(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}
