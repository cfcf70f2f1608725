/**
 * An equation of Einstein's sum with its ellipses as letters, and with the result that NumPy takes where it has none: the axes of
 * the ellipsis, then the letters that occur once, in their order.
 * @throws Error where it does not fit inputs of these ranks
 */
export function spellOutEquation(equation: string, ranks: readonly number[]): string {
  const [left = "", result] = equation.replaceAll(" ", "").split("->");
  const terms = left.split(",");
  const hidden = terms.map((term, which) =>
    term.includes(ellipsis) ? ranks[which]! + ellipsis.length - term.length : 0,
  );
  const fits = terms.every(
    (term, which) => hidden[which]! >= 0 && (term.includes(ellipsis) || term.length === ranks[which]),
  );
  if (terms.length !== ranks.length || !fits) {
    throw new Error(`its equation "${equation}" does not fit inputs of ${ranks.join(" and ")} axes`);
  }
  const widest = Math.max(...hidden);
  const free = letters.filter((letter) => !equation.includes(letter)).slice(0, widest);
  // Ellipses are aligned at their last axes.
  const spelt = terms.map((term, which) => term.replace(ellipsis, free.slice(widest - hidden[which]!).join("")));
  const once = letters.filter((letter) => left.split(letter).length === 2);
  return `${spelt.join(",")}->${result?.replace(ellipsis, free.join("")) ?? [...free, ...once].join("")}`;
}

const ellipsis = "...";

/** In the order that NumPy sorts them in. */
const letters = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
