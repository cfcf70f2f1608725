import type { WeightFile } from "./weight-file.ts";
import { damagedWeights, unknownWeightsFormat } from "./weights-errors.ts";

export type WeightFormat = "safetensors" | "index" | "zip" | "pickle";

/**
 * What a file is, told by its first bytes. Its name counts only where these say nothing, for the message.
 * @throws OpError `weights-format-unknown`, or `weights-damaged` for what is empty or too short
 */
export async function findWeightFormat(file: WeightFile): Promise<WeightFormat> {
  if (file.size === 0) throw damagedWeights(file.name, "it is empty");
  const start = await file.read(0, Math.min(file.size, 1024));
  const text = start.toString("latin1");
  // Eight bytes of length, which may look like the beginning of any other format, come before a header of JSON. Text would be
  // a length beyond 2^53.
  if (text[8] === "{" && start.readUInt32LE(4) < 2 ** 21) return "safetensors";
  refuseOther(file.name, text);
  if (text.startsWith("PK\x03\x04") || text.startsWith("PK\x05\x06")) return "zip";
  if (start[0] === 0x80 && start.length > 1 && start[1]! <= 5) return "pickle";
  if (text.trimStart().startsWith("{")) return "index";
  if (/\.safetensors$/i.test(file.name) && file.size < 9) throw damagedWeights(file.name, "it ends before its header");
  // A model of ONNX begins in many ways: nothing but its name tells it.
  if (/\.onnx$/i.test(file.name)) {
    const hint = `Name it as a backbone of its own: \`onnx { file: .. }\`. Weights alone are in safetensors or PyTorch's files.`;
    throw unknownWeightsFormat(file.name, "an exported network", hint);
  }
  throw unknownWeightsFormat(file.name, "of a format that is not known");
}

function refuseOther(file: string, text: string): void {
  if (text.startsWith("version https://git-lfs")) {
    const hint =
      "Fetch the weights themselves: run `git lfs pull` in that repository, or download the file from its page.";
    throw unknownWeightsFormat(file, "a git-lfs pointer, which only says where the weights are", hint);
  }
  if (/^(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|head|body)/i.test(text)) {
    const hint = "Download the file again by its direct link; the page may ask to log in or to accept a licence first.";
    throw unknownWeightsFormat(file, "a web page that was saved in its place", hint);
  }
  const other = otherFormats.find(({ starts }) => text.startsWith(starts));
  if (other) throw unknownWeightsFormat(file, other.what);
  if (text.slice(257, 262) === "ustar") {
    const hint = "Load it with PyTorch 0.1.10 to 2.x and save it again by `torch.save`, or unpack it first.";
    throw unknownWeightsFormat(file, "a TAR archive, as PyTorch wrote before 0.1.10 or a collection of files", hint);
  }
}

const otherFormats: readonly { readonly starts: string; readonly what: string }[] = [
  { starts: "GGUF", what: "a GGUF file" },
  { starts: "\x89HDF", what: "an HDF5 file, as Keras writes" },
  { starts: "\x93NUMPY", what: "a NumPy array" },
  { starts: "\x1f\x8b", what: "compressed by gzip" },
  { starts: "7z\xbc\xaf", what: "a 7z archive" },
  { starts: "%PDF", what: "a PDF document" },
];
