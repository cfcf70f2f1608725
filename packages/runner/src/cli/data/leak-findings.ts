import type { DatasetInspection } from "@exp-lab/ops";
import { countOf, formatCount } from "../../4-report/count.ts";
import { listedPlaces, type Finding } from "./finding.ts";
import type { LeakRule } from "./find-datasets.ts";

type Leak = DatasetInspection["leaks"][number];

/** What is in two splits and what the program does about it, what is twice in one split, and bags that are no bags. */
export function leakFindings(inspection: DatasetInspection, rules: readonly LeakRule[]): readonly Finding[] {
  const isRefused = rules.length === 0 || rules.some(isRefusal);
  const consequences = inspection.leaks.length === 0 ? [] : rules.map((rule) => consequence(rule, inspection));
  return [
    ...bagFindings(inspection),
    ...inspection.leaks.map((leak) => leakFinding(leak, inspection, isRefused)),
    ...consequences.map((text) => ({ isBad: isRefused, text, lines: [], places: 0 })),
    ...repeatFindings(inspection),
  ];
}

/** An allowance without a reason is none. */
function isRefusal({ leaks, reason }: LeakRule): boolean {
  return leaks === "allow" ? (reason ?? "").trim() === "" : leaks !== "drop";
}

function leakFinding(leak: Leak, { identical }: DatasetInspection, isBad: boolean): Finding {
  const { kind, earlier, later, shared, inEarlier, inLater, contradictions } = leak;
  const what = countOf(shared, kind === "image" ? "identical image" : "patient");
  const text =
    `${what} in both ${earlier} and ${later} (${formatCount(inEarlier)} of the images of ${earlier}, ` +
    `${formatCount(inLater)} of ${later})${contradictionText(contradictions)}`;
  const groups = identical.filter(({ splits }) => splits.includes(earlier) && splits.includes(later));
  const places =
    kind === "patient"
      ? leak.examples.map((pair) => pair.join(" and "))
      : groups.map(({ images }) => groupText(images));
  return { isBad, text, lines: places.slice(0, listedPlaces), places: shared };
}

function repeatFindings({ repeats, identical }: DatasetInspection): readonly Finding[] {
  return repeats.map(({ split, shared, images, contradictions }) => {
    const groups = identical
      .map((group) => group.images.filter((image) => image.split === split))
      .filter((copies) => copies.length > 1);
    return {
      isBad: false,
      text: `${countOf(shared, "image")} more than once in ${split} (${formatCount(images)} copies)${contradictionText(contradictions)}`,
      lines: groups.slice(0, listedPlaces).map(groupText),
      places: shared,
    };
  });
}

/** The ids of identical images, the first few. */
function groupText(images: readonly { readonly id: string }[]): string {
  const more = images.length - listedCopies;
  const shown = images.slice(0, listedCopies).map(({ id }) => id);
  return `${shown.join(" = ")}${more > 0 ? ` and ${formatCount(more)} more` : ""}`;
}

const listedCopies = 4;

function contradictionText(contradictions: number): string {
  return contradictions === 0 ? "" : `, ${formatCount(contradictions)} labelled differently`;
}

const bagTexts = {
  torn: "with images in several splits",
  labels: "with images that are labelled differently",
  patients: "with images of several patients",
} as const;

function bagFindings({ bagFaults }: DatasetInspection): readonly Finding[] {
  return bagFaults.map(({ kind, bags, examples }) => ({
    isBad: true,
    text: `${countOf(bags, "bag")} ${bagTexts[kind]}`,
    lines: examples.map((pair) => pair.join(" and ")),
    places: bags,
  }));
}

/** What a run would do about leaks. */
function consequence(rule: LeakRule, { dropped }: DatasetInspection): string {
  const { leaks, reason } = rule;
  if (isRefusal(rule))
    return `a run would refuse this (${ruleText(rule)}); \`leaks: drop\` leaves it out of the earlier split`;
  if (leaks === "allow") return `the program allows this: ${reason ?? ""}`;
  if (dropped === null) return "the program would drop what is in a later split too, were no bag torn";
  const counts = new Map<string, number>();
  for (const { from, images } of dropped) counts.set(from, (counts.get(from) ?? 0) + images);
  const leaving = [...counts].map(([split, images]) => `${countOf(images, "image")} of ${split}`).join(" and ");
  return `the program drops what is in a later split too: ${leaving}`;
}

function ruleText({ leaks }: LeakRule): string {
  return leaks === "allow" ? "`leaks: allow` without a reason" : `\`leaks: ${leaks}\``;
}
