import type { ParamSpec, ParamValue } from "@exp-lab/dsl";
import { describe, expect, it } from "vitest";
import { builtinOps } from "../builtin-ops.ts";
import { presets } from "./presets.ts";

describe.each(presets)("$name", ({ switches, grids = {}, refitOfShots }) => {
  it.each(switches)(
    "$param is a parameter that takes the value",
    ({ param: name, value, heads = [], backbones = [] }) => {
      const [role, param = ""] = name.split(".");
      const owners = builtinOps.filter(({ signature }) =>
        role === "metric" ? signature.use === "metric" : signature.role === role,
      );
      const specs = owners.flatMap(({ signature }): readonly ParamSpec[] =>
        Object.hasOwn(signature.params, param) ? [(signature.params as Record<string, ParamSpec>)[param]!] : [],
      );
      expect(specs.length).toBeGreaterThan(0);
      expect(specs.filter((spec) => takes(spec, value))).toEqual(specs);
      // A switch that says what is done anyway would be none; the mean and deviation are shared by all backbones, and ours by default.
      if (!["mean", "deviation", "view_ops"].includes(param)) {
        expect(specs.every((spec) => "default" in spec && spec.default === value)).toBe(false);
      }
      const known = builtinOps.map(({ signature }) => signature.name);
      expect(known).toEqual(expect.arrayContaining([...heads, ...backbones]));
    },
  );

  it.each(Object.entries(grids))("the head %s has the grid %s", (head, grid) => {
    const { signature } = builtinOps.find((op) => op.signature.name === head)!;
    expect(Object.keys(signature.grids ?? {})).toContain(grid);
  });

  it("says what few shots are fitted on in the end", () => {
    expect(["train", "train+val"]).toContain(refitOfShots);
    const addsVal = switches.some(({ param }) => param === "dataset.shots_refit_val");
    expect(addsVal).toBe(refitOfShots === "train+val");
  });
});

function takes(spec: ParamSpec, value: ParamValue): boolean {
  switch (spec.type) {
    case "choice":
      return typeof value === "string" && spec.choices.includes(value);
    case "boolean":
      return typeof value === "boolean";
    case "integer":
    case "number":
      if (Object.values(spec.words ?? {}).some((meaning) => meaning === value)) return true;
      return typeof value === "number" && value >= (spec.min ?? -Infinity) && value <= (spec.max ?? Infinity);
    case "list":
      return Array.isArray(value) && value.every((item) => takes(spec.items, item as ParamValue));
    default:
      return false;
  }
}
