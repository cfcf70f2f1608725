import {
  absolute,
  add,
  cosine,
  divide,
  errorFunction,
  exponential,
  logarithm,
  multiply,
  negate,
  power,
  reciprocal,
  sine,
  squareRoot,
  subtract,
} from "../../../operators/arithmetic.ts";
import type { Build } from "../gradient-graph.ts";
import { alone, ofTwo, type TorchCases } from "./build.ts";

export const arithmeticCases: TorchCases = {
  Add: binary(ofTwo(add)),
  Sub: binary(ofTwo(subtract)),
  Mul: binary(ofTwo(multiply)),
  Div: binary(ofTwo(divide)),
  Neg: { drawn: alone(negate), "one value": alone(negate) },
  Exp: { drawn: alone(exponential), "far from 0": alone(exponential) },
  Log: { drawn: alone(logarithm), "near 0": alone(logarithm) },
  Pow: {
    "positive bases, both broadcast": ofTwo(power),
    "whole exponents, bases of any sign": ofTwo(power),
    "exponents of bases of any sign": ofTwo(power),
    "base 0": ofTwo(power),
  },
  Sqrt: { drawn: alone(squareRoot), "near 0": alone(squareRoot) },
  Abs: { drawn: alone(absolute), "at 0": alone(absolute) },
  Reciprocal: { drawn: alone(reciprocal), "of either sign": alone(reciprocal) },
  Sin: { "near 0": alone(sine), "far from 0": alone(sine) },
  Cos: { "near 0": alone(cosine), "far from 0": alone(cosine) },
  Erf: { drawn: alone(errorFunction), "far from 0": alone(errorFunction) },
};

function binary(build: Build): Readonly<Record<string, Build>> {
  return { alike: build, "both broadcast": build, "one value": build };
}
