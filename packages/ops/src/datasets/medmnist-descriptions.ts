import type { DatasetDescription } from "./dataset-description.ts";
import { medmnistSets, type MedmnistSet } from "./medmnist-sets.ts";

/** What is told of a set besides its numbers. */
interface Told {
  readonly modality: string;
  readonly task: string;
  /** Of the 28-pixel file (of releases up to 2.2.3, which differ by a few images), where somebody has measured it. */
  readonly size?: string;
  readonly licence?: string;
  /** What a reader of its scores should know of its splits. */
  readonly caution?: string;
}

const organTask = "11 organs, multi-class";
const upTo224 = "28, 64, 128 or 224 px";

const told: Readonly<Record<string, Told>> = {
  pathmnist: { modality: "colon histology, RGB", task: "9 tissues, multi-class", size: "206 MB" },
  chestmnist: {
    modality: "chest X-ray",
    task: "14 findings, multi-label",
    size: "83 MB",
    caution:
      "not the lists of NIH ChestX-ray14, whose images these are: no score of one can be held against one of the other",
  },
  dermamnist: {
    modality: "dermatoscopy, RGB",
    task: "7 lesions, multi-class",
    size: "20 MB",
    licence: "CC BY-NC 4.0",
    caution: "886 test images show lesions that train has too (Abhishek et al., Sci Data 12:196, 2025)",
  },
  octmnist: { modality: "retinal OCT", task: "3 findings or normal, multi-class", size: "55 MB" },
  pneumoniamnist: { modality: "chest X-ray of children", task: "pneumonia or normal, binary", size: "4 MB" },
  retinamnist: {
    modality: "fundus photograph, RGB",
    task: "5 grades of diabetic retinopathy, multi-class here",
    size: "3 MB",
  },
  breastmnist: {
    modality: "breast ultrasound",
    task: "0 malignant, 1 normal or benign, binary: the positive class is the healthy one",
    size: "0.6 MB",
  },
  bloodmnist: { modality: "blood cell microscopy, RGB", task: "8 cells, multi-class", size: "36 MB" },
  tissuemnist: { modality: "kidney cortex microscopy", task: "8 cells, multi-class" },
  organamnist: { modality: "abdominal CT, axial", task: organTask, size: "38 MB" },
  organcmnist: { modality: "abdominal CT, coronal", task: organTask, size: "16 MB" },
  organsmnist: { modality: "abdominal CT, sagittal", task: organTask, size: "17 MB" },
  organmnist3d: { modality: "abdominal CT, volumes", task: organTask, size: "33 MB" },
  nodulemnist3d: { modality: "chest CT, volumes", task: "lung nodule malignant or benign, binary", size: "29 MB" },
  adrenalmnist3d: {
    modality: "shapes from abdominal CT, volumes",
    task: "adrenal hyperplasia or normal, binary",
    size: "0.3 MB",
  },
  fracturemnist3d: { modality: "chest CT, volumes", task: "3 rib fractures, multi-class", size: "3 MB" },
  vesselmnist3d: { modality: "shapes from brain MRA, volumes", task: "aneurysm or vessel, binary" },
  synapsemnist3d: { modality: "electron microscopy, volumes", task: "excitatory or inhibitory synapse, binary" },
};

const citation =
  "Yang J, Shi R, Wei D, Liu Z, Zhao L, Ke B, Pfister H, Ni B. MedMNIST v2 - A large-scale lightweight benchmark for 2D and 3D biomedical image classification. Scientific Data 10:41 (2023); and the set's own source";

/** Of each of the 18 sets. Images of volumes are counted by volumes. */
export const medmnistDescriptions: readonly DatasetDescription[] = [...medmnistSets].map(([name, set]) =>
  describe(name, set, told[name]!),
);

function describe(
  name: string,
  set: MedmnistSet,
  { modality, task, licence, size, caution }: Told,
): DatasetDescription {
  const sizes = set.isVolumes === true ? "28 or 64 px a side; each volume is the bag of its slices" : upTo224;
  return {
    title: set.title,
    modality,
    task: `${task}; ${name}.npz, ${sizes}`,
    images: set.counts.reduce((sum, count) => sum + count, 0),
    patients: null,
    licence: licence ?? "CC BY 4.0",
    size: size === undefined ? null : `${size} at 28 px`,
    source: "https://zenodo.org/records/10519652",
    citation,
    splits: caution === undefined ? "the publisher's, in the file" : `the publisher's, in the file; ${caution}`,
  };
}
