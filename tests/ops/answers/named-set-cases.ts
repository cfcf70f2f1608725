import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeBrainTumorMiniature } from "../miniatures/brain-tumor.ts";
import { writeChexpertMiniature } from "../miniatures/chexpert.ts";
import { writeDicomMiniature } from "../miniatures/dicom-folder.ts";
import { writeMontgomeryMiniature } from "../miniatures/montgomery.ts";
import { writeNiftiMiniature } from "../miniatures/nifti-folder.ts";
import { writeNihMiniature } from "../miniatures/nih.ts";
import { writeSarsMiniature } from "../miniatures/sars-cov-2-ct.ts";
import { writeShenzhenMiniature } from "../miniatures/shenzhen.ts";
import type { OpCases } from "./lock-op.ts";

/** What is asked of the published data sets, and of folders of slices. */
export async function writeNamedSetCases(folder: string): Promise<Readonly<Record<string, OpCases>>> {
  const place = (name: string): string => join(folder, "sets", name);
  const root = (name: string) => ({ root: { path: place(name) } });
  await writeNihMiniature(place("nih"));
  await writeChexpertMiniature(place("chexpert"));
  await writeSarsMiniature(place("sars"));
  await writeMontgomeryMiniature(place("montgomery"));
  await writeShenzhenMiniature(place("shenzhen"));
  // How a library packs pixels is no part of an answer: an index digests images unread.
  await replaceImages(folder);
  await writeBrainTumorMiniature(place("brain"));
  await writeNiftiMiniature(place("nifti"), { layout: "folders" });
  await writeDicomMiniature(place("dicom"), { layout: "folders" });
  return {
    nih_chest_xray14: {
      "14 findings": { params: root("nih") },
      "15, validated by patients": { params: { ...root("nih"), no_finding: "class", val: "patients" } },
    },
    chexpert: {
      "frontal, five findings": { params: root("chexpert") },
      "all, uncertain ones a class": {
        params: { ...root("chexpert"), projections: "all", classes: "all", uncertain: "class", blank: "ignore" },
      },
    },
    sars_cov_2_ct: {
      "two classes": { params: root("sars") },
      "three, within classes": { params: { ...root("sars"), classes: "three", split: "within_classes" } },
    },
    brain_tumor: {
      upright: { params: root("brain") },
      "as the study has them": { params: { ...root("brain"), orientation: "stored", low_values: "zero" } },
    },
    montgomery: { "normal or tuberculosis": { params: root("montgomery") } },
    shenzhen: { "normal or tuberculosis": { params: root("shenzhen") } },
    nifti_folder: {
      "axial slices": { params: root("nifti") },
      "every other coronal one, by a window": {
        params: { ...root("nifti"), axis: "coronal", every: 2, window: [-100, 300], bag: "none" },
      },
    },
    dicom_folder: {
      frames: { params: root("dicom") },
      "series as bags, by percentiles": { params: { ...root("dicom"), bag: "series", percentiles: [1, 99] } },
    },
  };
}

async function replaceImages(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true });
  const images = names.filter((name) => /^sets[/\\].*\.(png|jpg)$/.test(name));
  await Promise.all(images.map((name) => writeFile(join(folder, name), `image ${name.replaceAll("\\", "/")}`)));
}
