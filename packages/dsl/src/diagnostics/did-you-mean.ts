/**
 * The candidates that a misspelt name was probably meant to be, nearest first, three at most; equally near ones by code
 * unit. Case, and `-` for `_`, count nothing. A candidate is near when at most a third of its letters are wrong.
 */
export function nearestNames(name: string, candidates: readonly string[]): readonly string[] {
  if (name.length > longestName) return [];
  const wanted = plain(name);
  const near: { readonly candidate: string; readonly distance: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const allowed = Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3));
    if (candidate === name || Math.abs(candidate.length - wanted.length) > allowed) continue;
    const distance = editDistance(wanted, plain(candidate));
    // One letter of one, or two of two, is another word, not a misspelt one.
    if (distance <= allowed && distance < Math.min(wanted.length, candidate.length)) near.push({ candidate, distance });
  }
  near.sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  return near.slice(0, 3).map(({ candidate }) => candidate);
}

const longestName = 100;

function plain(name: string): string {
  return name.toLowerCase().replaceAll("-", "_");
}

/**
 * Damerau-Levenshtein distance in its optimal-string-alignment form: insertions, deletions, substitutions and swaps of
 * neighbours, no place edited twice.
 */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const substituted = at(last, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      let distance = Math.min(at(last, j) + 1, at(row, j - 1) + 1, substituted);
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (isSwap) distance = Math.min(distance, at(beforeLast, j - 2) + 1);
      row.push(distance);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
