import { OpError } from "../../op-error.ts";

/**
 * What can be wrong with a file of weights, each with what to do. `file` is the file's own name.
 * A download that broke off is the usual reason for the first.
 */
export function damagedWeights(file: string, problem: string): OpError {
  const hint = "Fetch or save the file again; it may have been cut short or changed on its way.";
  return new OpError("weights-damaged", `${file} cannot be read: ${problem}.`, hint);
}

/** The file may be sound, but holds what this reader does not know. */
export function unsupportedWeights(file: string, problem: string, hint = convertWeights): OpError {
  return new OpError("weights-unsupported", `${file} cannot be read: ${problem}.`, hint);
}

/** The file would run code if Python loaded it. @param does e.g. `call os.system` */
export function unsafeWeights(file: string, does: string): OpError {
  return new OpError("weights-unsafe", `${file} would ${does} on loading; such files are not opened.`, convertWeights);
}

/** Neither safetensors nor PyTorch. @param what what it seems to be, e.g. `an HTML page` */
export function unknownWeightsFormat(file: string, what: string, hint = namedFormats): OpError {
  return new OpError("weights-format-unknown", `${file} is ${what}, not a file of weights.`, hint);
}

/** The machine or the file system is in the way. */
export function unreadableWeights(file: string, problem: string, hint: string): OpError {
  return new OpError("weights-unreadable", `${file} cannot be read: ${problem}.`, hint);
}

export function changedWeights(file: string): OpError {
  const hint = "Leave weights as they are during a run, and start it again.";
  return unreadableWeights(file, "it was changed while it was in use", hint);
}

const convertWeights =
  "Where you trust the file, load it in Python and save its state dict alone: `safetensors.torch.save_file(model.state_dict(), ..)`.";

const namedFormats =
  "Name a safetensors file, a PyTorch checkpoint (.pth, .pt, .bin), or the index of one that is in several parts.";

/** A name from a file as messages show it: short, and without characters that a terminal would obey. */
export function shownName(name: string): string {
  const harmless = name.slice(0, 160).replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, "\ufffd");
  return name.length > 160 ? `${harmless}...` : harmless;
}
