import { existsSync } from "node:fs";

/** Chromium brings a Vulkan driver in software (SwiftShader), on which WebGPU runs anywhere, if slowly. */
const drivers = [
  "/usr/lib/chromium/vk_swiftshader_icd.json",
  "/usr/lib/chromium-browser/vk_swiftshader_icd.json",
  "/opt/google/chrome/vk_swiftshader_icd.json",
];

/** The driver's description; null where it is not installed. */
export function findSoftwareVulkan(): string | null {
  return drivers.find((path) => existsSync(path)) ?? null;
}

/** Variables under which a process finds that driver and no other; the second is what older loaders read. */
export function softwareVulkanEnvironment(driver: string): Readonly<Record<string, string>> {
  return { VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver };
}

/** What is said where tests are skipped for want of it. */
export const withoutSoftwareVulkan =
  "SKIPPED: no test of WebGPU runs, since there is no Vulkan driver in software: apt-get install chromium libvulkan1";
