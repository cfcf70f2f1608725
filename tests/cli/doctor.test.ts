import { afterAll, expect, it } from "vitest";
import { createWorkplace } from "./command-line.ts";

const place = createWorkplace();
afterAll(() => {
  place.close();
});

it("says which TensorFlow.js would train, and prints nothing else", async () => {
  const text = await place.exp("doctor");
  expect(text).toMatchObject({ exitCode: 0, err: "" });
  expect(text.out).toMatch(/^✓ tfjs {5}@tensorflow\/tfjs\S* .*4\.\d+\.\d+/m);
  const { out } = await place.exp("doctor", "--json");
  const { findings } = JSON.parse(out) as { readonly findings: readonly { readonly name: string }[] };
  expect(findings.find(({ name }) => name === "tfjs")).toMatchObject({
    isFine: true,
    found: expect.stringMatching(/^@tensorflow\/tfjs.* 4\.\d+\.\d+, backend \w+, with/) as string,
  });
});

it("says of each device what it lacks, or that it can be used", async () => {
  // No driver of this machine: Vulkan's loader is told to look at none.
  const { out } = await place.shell("VK_DRIVER_FILES=/none VK_ICD_FILENAMES=/none exp doctor --json || true");
  const { findings } = JSON.parse(out) as { readonly findings: readonly Finding[] };
  const [cuda, webgpu] = ["cuda", "webgpu"].map((device) => findings.find(({ name }) => name === device));
  expect(cuda?.found).toMatch(/^(usable|not usable): /);
  expect(webgpu).toMatchObject({
    isFine: true,
    found: expect.stringMatching(/^not usable: .*(no Vulkan loader|no adapter)/) as string,
    advice: expect.stringContaining("NVIDIA_DRIVER_CAPABILITIES") as string,
  });
});

interface Finding {
  readonly name: string;
  readonly isFine: boolean;
  readonly found: string;
  readonly advice: string | null;
}
