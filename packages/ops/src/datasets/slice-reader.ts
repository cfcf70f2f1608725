import { createHash } from "node:crypto";
import type { DatasetReader } from "./dataset-reader.ts";
import { changedImage } from "./file-images.ts";
import { readFileBelow } from "./slice-bytes.ts";
import { createSliceCache } from "./slice-cache.ts";
import { parseSliceLocator, sliceDigest, type SliceFile, type SliceFormat } from "./slice-format.ts";

/** The slices of the files below a root. A file's digest is worked out once each time that it is opened. */
export function openSliceReader(root: string, format: SliceFormat): DatasetReader {
  const files = createSliceCache((name) => openFile(root, name, format));
  return {
    readImage: async ({ id, digest, locator }) => {
      const { file: name, key } = parseSliceLocator(locator);
      const { digest: fileDigest, opening } = await files.open(name);
      if (sliceDigest(format, fileDigest, key) !== digest) throw changedImage(id);
      return (await opening).read(key, id);
    },
    close: async () => {
      files.clear();
    },
  };
}

interface OpenFile {
  readonly digest: string;
  /** Of a file that changed, a promise that nobody waits for. */
  readonly opening: Promise<SliceFile>;
  readonly bytes: number;
}

async function openFile(root: string, name: string, format: SliceFormat): Promise<OpenFile> {
  const bytes = await readFileBelow(root, name);
  const opening = format.open(bytes, name, () => "");
  const held = await opening.then(
    (file) => file.bytes,
    () => 0,
  );
  return { digest: createHash("sha256").update(bytes).digest("hex"), opening, bytes: held };
}
