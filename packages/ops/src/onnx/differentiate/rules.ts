import type { GradientRule } from "./gradient-rule.ts";
import { activationRules } from "./rules/activations.ts";
import { arithmeticRules } from "./rules/arithmetic.ts";
import { convolutionRules } from "./rules/convolutions.ts";
import { choiceRules } from "./rules/choices.ts";
import { indexingRules } from "./rules/indexing.ts";
import { layoutRules } from "./rules/layout.ts";
import { normalisationRules } from "./rules/normalisations.ts";
import { poolRules } from "./rules/pools.ts";
import { productRules } from "./rules/products.ts";
import { resizingRules } from "./rules/resizing.ts";
import { reductionRules } from "./rules/reductions.ts";

/** The rules there are, by operator. A family is one file; what is listed here can be trained through. */
export const gradientRules: ReadonlyMap<string, GradientRule> = new Map([
  ...activationRules,
  ...arithmeticRules,
  ...choiceRules,
  ...convolutionRules,
  ...indexingRules,
  ...layoutRules,
  ...normalisationRules,
  ...poolRules,
  ...productRules,
  ...reductionRules,
  ...resizingRules,
]);
