import { textOf } from "./element-values.ts";
import type { DataSet } from "./read-data-set.ts";
import { tags } from "./tags.ts";

/** The defined terms of DICOM PS3.3 C.7.3.1.1.1, retired ones among them. */
const codes = (
  "AR ASMT AU BDUS BI BMD CFM CR CT CTPROTOCOL DG DMS DOC DX ECG EEG EMG EOG EPS ES FID GM HC HD IO IOL IVOCT IVUS KER KO " +
  "LEN LS M3D MG MR NM OAM OCT OP OPM OPT OPTBSV OPTENF OPV OSS OT PA PLAN POS PR PT PX REG RESP RF RG RTDOSE RTIMAGE " +
  "RTINTENT RTPLAN RTRAD RTRECORD RTSEGANN RTSTRUCT RWV SEG SM SMR SR SRF STAIN TEXTUREMAP TG US VA XA XAPROTOCOL XC " +
  "AS CD CF CP CS DD DF DM DS EC FA FS LP MA MS OPR ST VF"
).split(" ");

/** Null where the header has another word: it might be anything, a name among them. */
export function modalityCode(dataSet: DataSet): string | null {
  const text = textOf(dataSet, tags.modality);
  return codes.find((code) => code === text) ?? null;
}
