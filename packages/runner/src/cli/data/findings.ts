import type { DatasetFault, DatasetInspection, PublishedDifference } from "@exp-lab/ops";
import { countOf, formatCount } from "../../4-report/count.ts";
import { listedPlaces, type Finding } from "./finding.ts";
import type { LeakRule } from "./find-datasets.ts";
import { leakFindings } from "./leak-findings.ts";

/** In the order of how much they matter. */
export function findingsOf(inspection: DatasetInspection, rules: readonly LeakRule[]): readonly Finding[] {
  const { missing, unreadable, problems, leftOut, notes } = inspection;
  return [
    ...faults(
      missing,
      missing.length === 1 ? "1 image is missing" : `${formatCount(missing.length)} images are missing`,
    ),
    ...faults(unreadable, `${countOf(unreadable.length, "image")} cannot be used`),
    ...faults(problems, "a run would refuse what lies there"),
    ...faults(leftOut, "a run leaves out what lies there, since the program says `on_error: skip`"),
    ...leakFindings(inspection, rules),
    ...notes.map(noted),
    ...published(inspection),
    ...lacking(inspection),
  ];
}

function noted(note: string): Finding {
  return { isBad: false, text: note.replace(/\.$/, ""), lines: [], places: 0 };
}

function faults(found: readonly DatasetFault[], text: string): readonly Finding[] {
  if (found.length === 0) return [];
  const lines = found.slice(0, listedPlaces).map(({ message }) => message);
  return [{ isBad: true, text, lines, places: found.length }];
}

/** Fewer images or patients than were published are missing; other differences may be meant. */
function published({ published: found }: DatasetInspection): readonly Finding[] {
  if (found === null || found.differences.length === 0) return [];
  return [
    {
      isBad: found.differences.some(
        (each) => (each.of === "images" || each.of === "patients") && each.found < each.published,
      ),
      text: `differs from ${found.name} as published in ${found.source}`,
      lines: found.differences.slice(0, listedPlaces).map(differenceText),
      places: found.differences.length,
    },
  ];
}

/** `85 positives of Hernia in test, published are 86` */
function differenceText({ of, split, className, published: stated, found }: PublishedDifference): string {
  const ofClass = className === null ? "" : ` of ${className}`;
  const inSplit = split === null ? "" : ` in ${split}`;
  return `${formatCount(found)} ${of}${ofClass}${inSplit}, published are ${formatCount(stated)}`;
}

function lacking({ lacking: found }: DatasetInspection): readonly Finding[] {
  if (found.length === 0) return [];
  const lines = found.slice(0, listedPlaces).map(({ split, name, lacks }) => `${split} has no ${lacks} of ${name}`);
  const text = "a class is scored where it has positives and negatives";
  return [{ isBad: false, text, lines, places: found.length }];
}
