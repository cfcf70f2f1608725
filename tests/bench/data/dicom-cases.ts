import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { engine } from "@exp-lab/ops";
import { decodeEach, type FormatCase } from "./format-case.ts";

/** Figures' names of transfer syntaxes, by what follows 1.2.840.10008.1.2 in their identifiers (DICOM PS3.6 table A-1). */
const syntaxes: readonly (readonly [suffix: string, name: string])[] = [
  ["", "implicit_little_endian"],
  [".1", "explicit_little_endian"],
  [".1.99", "deflated"],
  [".2", "explicit_big_endian"],
  [".5", "rle"],
  [".4.50", "jpeg_baseline"],
  [".4.51", "jpeg_extended"],
  [".4.53", "jpeg_spectral_selection"],
  [".4.55", "jpeg_full_progression"],
  [".4.57", "jpeg_lossless"],
  [".4.70", "jpeg_lossless_first_order"],
  [".4.80", "jpeg_ls_lossless"],
  [".4.81", "jpeg_ls_near_lossless"],
  [".4.90", "jpeg_2000_lossless"],
  [".4.91", "jpeg_2000"],
];

const folder = "dicom/cornerstone-ct-all-transfer-syntaxes";

export const dicomNames = syntaxes.map(([, name]) => `dicom.${name}`);

/** The same CT slice in every transfer syntax. @param material the folder of real images */
export function findDicomCases(material: string): readonly FormatCase[] {
  const place = join(material, folder);
  const files = existsSync(place) ? readdirSync(place) : [];
  return syntaxes.flatMap(([suffix, name]) => {
    const uid = `1.2.840.10008.1.2${suffix}`;
    const file = files.find((each) => each.endsWith(`Syntax_${uid}.dcm`));
    return file === undefined ? [] : [dicomCase(`dicom.${name}`, uid, readFileSync(join(place, file)))];
  });
}

function dicomCase(name: string, uid: string, bytes: Uint8Array): FormatCase {
  const files = [bytes];
  const decode = async (each: Uint8Array): Promise<engine.RawValues> => {
    const dicom = await engine.openDicom(each, name, () => "");
    return (await dicom.readFrame(0)).data;
  };
  const what = `CT slice of 512 x 512 in transfer syntax ${uid}, header read, in Hounsfield units`;
  const begin: FormatCase["begin"] = () => Promise.resolve(decodeEach(files, decode));
  return { name, what, unit: "images/s", files, reader: "pydicom", begin };
}
