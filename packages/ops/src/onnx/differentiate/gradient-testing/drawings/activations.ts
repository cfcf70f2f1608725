import {
  elu,
  gelu,
  geluByTanh,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  logSoftmax,
  relu,
  sigmoid,
  softmax,
  softplus,
  tanh,
} from "../../../operators/activations.ts";
import { onAxis, unary, type Drawing } from "../drawing.ts";

export const activationDrawings: Readonly<Record<string, Drawing>> = {
  Relu: unary(relu),
  Sigmoid: unary(sigmoid),
  Softplus: unary(softplus),
  Tanh: unary(tanh),
  LeakyRelu: unary((graph, x) => leakyRelu(graph, x, 0.25)),
  Elu: unary((graph, x) => elu(graph, x, 0.75)),
  HardSigmoid: unary((graph, x) => hardSigmoid(graph, x, { slope: 0.5, offset: 0.375 })),
  HardSwish: unary(hardSwish, [-4, 4]),
  Gelu: (random) => unary(random.integer(0, 1) === 0 ? gelu : geluByTanh, [-3, 3])(random),
  Softmax: onAxis(softmax),
  LogSoftmax: onAxis(logSoftmax),
};
