import { OpError } from "../op-error.ts";
import type { LabelledClasses } from "./csv-labels.ts";
import { cellPlace, columnIndex, type CsvTable } from "./csv-table.ts";

/** What becomes of cells that neither say 0 nor 1; the parameters of the data set of the same names. */
export interface FlagReading {
  /** Of -1, as CheXpert marks what its report leaves open. */
  readonly uncertain: "refuse" | "zeros" | "ones" | "ignore" | "class";
  /** Of empty cells: CheXpert's reports do not mention the finding. */
  readonly blank: "refuse" | "zeros";
}

/** The class that `uncertain: class` adds. */
export const uncertainClass = "Uncertain";

/**
 * Several columns of flags, each a class. Uncertain flags become 0 (`zeros`), 1 (`ones`), unknown (`ignore`: -1), or 0 with a
 * last class that says which rows have one (`class`). Flags may be written as 1.0.
 * @throws OpError `csv-bad-flag` naming file, line and column of the first cell that is not understood
 */
export function readFlagColumns(table: CsvTable, names: readonly string[], reading: FlagReading): LabelledClasses {
  const hasClass = reading.uncertain === "class";
  if (hasClass && names.includes(uncertainClass)) {
    throw new OpError(
      "name-twice",
      `\`uncertain: class\` adds the class ${JSON.stringify(uncertainClass)}, and \`labels\` names it too.`,
      "Leave the column out, or read uncertain cells in another way.",
    );
  }
  const classNames = hasClass ? [...names, uncertainClass] : names;
  const indices = names.map((name) => columnIndex(table, name));
  const values = new Int32Array(table.rows.length * classNames.length);
  table.rows.forEach((row, position) => {
    indices.forEach((index, label) => {
      const cell = row.cells[index] ?? "";
      const place = position * classNames.length + label;
      const flag = flagOf(cell);
      if (flag === "uncertain" && reading.uncertain !== "refuse") {
        values[place] = valueOfUncertain[reading.uncertain];
        if (hasClass) values[position * classNames.length + names.length] = 1;
      } else if (flag === 0 || flag === 1) values[place] = flag;
      else if (flag !== "blank" || reading.blank === "refuse")
        throw badFlag(cellPlace(table, row, names[label] ?? ""), cell, flag);
    });
  });
  return { problem: "multi-label", classNames, labels: { width: classNames.length, values } };
}

/** What an uncertain flag is read as. */
export const valueOfUncertain = { zeros: 0, ones: 1, ignore: -1, class: 0 } as const;

function flagOf(cell: string): 0 | 1 | "uncertain" | "blank" | "unknown" {
  if (cell === "") return "blank";
  const number = /^(-1|0|1)(\.0+)?$/.exec(cell)?.[1];
  if (number === "1") return 1;
  if (number === "0") return 0;
  return number === "-1" ? "uncertain" : "unknown";
}

function badFlag(place: string, cell: string, flag: ReturnType<typeof flagOf>): OpError {
  const hints: Readonly<Record<string, string>> = {
    uncertain: "Say what -1 means: `uncertain: zeros | ones | ignore | class`.",
    blank: "Write `blank: zeros` if an empty cell means that there is no finding.",
  };
  return new OpError(
    "csv-bad-flag",
    `${place}: expected 0 or 1, found ${cell === "" ? "nothing" : JSON.stringify(cell)}.`,
    hints[flag] ?? "Write flags as 0 and 1, and -1 where it is uncertain.",
  );
}
