/** One of the 18 published MedMNIST sets. Source: MedMNIST 3.0.2 (its `info.py` and README), unless said otherwise. */
export interface MedmnistSet {
  readonly title: string;
  /** In the order of the files' numbers. */
  readonly classes: readonly string[];
  /** Images, or volumes: of the present release (2.2.4 of January 2024 and later). */
  readonly counts: SplitCounts;
  /** Of the paper of 2023 and releases up to 2.2.3, where blank images were among them. */
  readonly paperCounts?: SplitCounts;
  readonly isVolumes?: true;
}

export type SplitCounts = readonly [train: number, val: number, test: number];

const abdominalOrgans = [
  ...["bladder", "femur-left", "femur-right", "heart", "kidney-left", "kidney-right"],
  ...["liver", "lung-left", "lung-right", "pancreas", "spleen"],
];

/** By the names of their files, without size and ending. */
export const medmnistSets: ReadonlyMap<string, MedmnistSet> = new Map<string, MedmnistSet>([
  [
    "pathmnist",
    {
      title: "PathMNIST",
      classes: [
        ...["adipose", "background", "debris", "lymphocytes", "mucus", "smooth muscle", "normal colon mucosa"],
        ...["cancer-associated stroma", "colorectal adenocarcinoma epithelium"],
      ],
      counts: [89_996, 10_004, 7180],
    },
  ],
  [
    "chestmnist",
    {
      title: "ChestMNIST",
      classes: [
        ...["atelectasis", "cardiomegaly", "effusion", "infiltration", "mass", "nodule", "pneumonia"],
        ...["pneumothorax", "consolidation", "edema", "emphysema", "fibrosis", "pleural", "hernia"],
      ],
      counts: [78_468, 11_219, 22_433],
    },
  ],
  [
    "dermamnist",
    {
      title: "DermaMNIST",
      classes: [
        ...["actinic keratoses and intraepithelial carcinoma", "basal cell carcinoma", "benign keratosis-like lesions"],
        ...["dermatofibroma", "melanoma", "melanocytic nevi", "vascular lesions"],
      ],
      counts: [7007, 1003, 2005],
    },
  ],
  [
    "octmnist",
    {
      title: "OCTMNIST",
      classes: ["choroidal neovascularization", "diabetic macular edema", "drusen", "normal"],
      counts: [97_477, 10_832, 1000],
    },
  ],
  ["pneumoniamnist", { title: "PneumoniaMNIST", classes: ["normal", "pneumonia"], counts: [4708, 524, 624] }],
  ["retinamnist", { title: "RetinaMNIST", classes: ["0", "1", "2", "3", "4"], counts: [1080, 120, 400] }],
  ["breastmnist", { title: "BreastMNIST", classes: ["malignant", "normal, benign"], counts: [546, 78, 156] }],
  [
    "bloodmnist",
    {
      title: "BloodMNIST",
      classes: [
        ...["basophil", "eosinophil", "erythroblast"],
        "immature granulocytes (myelocytes, metamyelocytes and promyelocytes)",
        ...["lymphocyte", "monocyte", "neutrophil", "platelet"],
      ],
      counts: [11_959, 1712, 3421],
    },
  ],
  [
    "tissuemnist",
    {
      title: "TissueMNIST",
      classes: [
        ...["Collecting Duct, Connecting Tubule", "Distal Convoluted Tubule", "Glomerular endothelial cells"],
        ...["Interstitial endothelial cells", "Leukocytes", "Podocytes", "Proximal Tubule Segments"],
        "Thick Ascending Limb",
      ],
      counts: [165_466, 23_640, 47_280],
    },
  ],
  [
    "organamnist",
    {
      title: "OrganAMNIST",
      classes: abdominalOrgans,
      counts: [34_561, 6491, 17_778],
      paperCounts: [34_581, 6491, 17_778],
    },
  ],
  [
    "organcmnist",
    {
      title: "OrganCMNIST",
      classes: abdominalOrgans,
      counts: [12_975, 2392, 8216],
      paperCounts: [13_000, 2392, 8268],
    },
  ],
  [
    "organsmnist",
    {
      title: "OrganSMNIST",
      classes: abdominalOrgans,
      counts: [13_932, 2452, 8827],
      paperCounts: [13_940, 2452, 8829],
    },
  ],
  [
    "organmnist3d",
    {
      title: "OrganMNIST3D",
      // Not in the order of the flat sets of the same organs.
      classes: [
        ...["liver", "kidney-right", "kidney-left", "femur-right", "femur-left", "bladder", "heart"],
        ...["lung-right", "lung-left", "spleen", "pancreas"],
      ],
      counts: [971, 161, 610],
      paperCounts: [972, 161, 610],
      isVolumes: true,
    },
  ],
  [
    "nodulemnist3d",
    { title: "NoduleMNIST3D", classes: ["benign", "malignant"], counts: [1158, 165, 310], isVolumes: true },
  ],
  [
    "adrenalmnist3d",
    { title: "AdrenalMNIST3D", classes: ["normal", "hyperplasia"], counts: [1188, 98, 298], isVolumes: true },
  ],
  [
    "fracturemnist3d",
    {
      title: "FractureMNIST3D",
      classes: ["buckle rib fracture", "nondisplaced rib fracture", "displaced rib fracture"],
      counts: [1027, 103, 240],
      isVolumes: true,
    },
  ],
  [
    "vesselmnist3d",
    {
      title: "VesselMNIST3D",
      classes: ["vessel", "aneurysm"],
      counts: [1335, 191, 382],
      paperCounts: [1335, 192, 382],
      isVolumes: true,
    },
  ],
  [
    "synapsemnist3d",
    {
      title: "SynapseMNIST3D",
      classes: ["inhibitory synapse", "excitatory synapse"],
      counts: [1230, 177, 352],
      isVolumes: true,
    },
  ],
]);
