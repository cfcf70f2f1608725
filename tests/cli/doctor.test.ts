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
