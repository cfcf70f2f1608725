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
import { alone, plain, type TorchCases } from "./build.ts";

export const activationCases: TorchCases = {
  Relu: { drawn: alone(relu), "at 0": alone(relu) },
  Sigmoid: { "near 0": alone(sigmoid), "far from 0": alone(sigmoid) },
  Tanh: { "near 0": alone(tanh), "far from 0": alone(tanh) },
  Softplus: { "near 0": alone(softplus), "far from 0": alone(softplus) },
  LeakyRelu: {
    "slope 1/4": alone((graph, x) => leakyRelu(graph, x, 0.25)),
    "at 0, slope left out": plain("LeakyRelu"),
  },
  Elu: {
    "scale 3/4": alone((graph, x) => elu(graph, x, 0.75)),
    "at 0 and far from it, scale left out": plain("Elu"),
  },
  HardSigmoid: {
    "PyTorch's line, at its kinks": alone((graph, x) => hardSigmoid(graph, x, { slope: 1 / 6, offset: 0.5 })),
    "another line": alone((graph, x) => hardSigmoid(graph, x, { slope: 0.5, offset: 0.375 })),
    "line left out": plain("HardSigmoid"),
  },
  HardSwish: { drawn: alone(hardSwish), "at its kinks": alone(hardSwish) },
  Gelu: {
    "by erf": alone(gelu),
    "by erf, far from 0": alone(gelu),
    "by tanh": alone(geluByTanh),
    "by tanh, far from 0": alone(geluByTanh),
  },
  Softmax: {
    "last axis": alone((graph, x) => softmax(graph, x)),
    "axis 1 of 3": alone((graph, x) => softmax(graph, x, 1)),
    "far apart": alone((graph, x) => softmax(graph, x)),
  },
  LogSoftmax: {
    "last axis": alone((graph, x) => logSoftmax(graph, x)),
    "axis 1 of 3": alone((graph, x) => logSoftmax(graph, x, 1)),
    "far apart": alone((graph, x) => logSoftmax(graph, x)),
  },
};
