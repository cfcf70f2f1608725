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
import { broadcast, unary, type Drawing } from "../drawing.ts";

export const arithmeticDrawings: Readonly<Record<string, Drawing>> = {
  Add: broadcast(add),
  Sub: broadcast(subtract),
  Mul: broadcast(multiply),
  Div: broadcast(divide, [0.5, 2]),
  Neg: unary(negate),
  Exp: unary(exponential),
  Log: unary(logarithm, [0.5, 3]),
  Pow: broadcast(power, [0.3, 2]),
  Sqrt: unary(squareRoot, [0.2, 3]),
  Abs: unary(absolute),
  Reciprocal: unary(reciprocal, [0.4, 2]),
  Erf: unary(errorFunction),
  Sin: unary(sine, [-4, 4]),
  Cos: unary(cosine, [-4, 4]),
};
