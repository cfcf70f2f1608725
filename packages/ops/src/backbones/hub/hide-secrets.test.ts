import { inspect } from "node:util";
import { expect, it } from "vitest";
import { OpError } from "../../op-error.ts";
import { hideSecrets, proxySecrets } from "./hide-secrets.ts";

const failing = async (error: unknown): Promise<unknown> =>
  hideSecrets([null, "", "hunter2"], async () => {
    throw error;
  }).catch((thrown: unknown) => thrown);

it("replaces an error that holds a secret anywhere", async () => {
  const cause = new TypeError('Headers.append: "Bearer hunter2" is an invalid header value.');
  const errors = [
    new Error("fetch failed", { cause }),
    new AggregateError([cause], "all failed"),
    Object.assign(new Error("refused"), { request: { headers: { authorization: "Bearer hunter2" } } }),
    new OpError("weights-x", "with hunter2", "unset hunter2"),
    cause,
    "hunter2",
  ];
  for (const error of errors) {
    const shown = await failing(error);
    expect(shown).toBeInstanceOf(OpError);
    expect(inspect(shown, { depth: 9, showHidden: true })).not.toContain("hunter2");
  }
  expect(await failing(errors[3])).toMatchObject({ code: "weights-x", message: "with ***", hint: "unset ***" });
});

it("leaves other errors, and results, as they are", async () => {
  const error = new Error("plain");
  expect(await failing(error)).toBe(error);
  expect(await hideSecrets(["hunter2"], async () => 7)).toBe(7);
});

it("counts names and passwords of proxies as secrets", () => {
  expect(proxySecrets({ http_proxy: "http://me:hunter2@proxy:3128", HTTPS_PROXY: "proxy:3128" })).toEqual([
    "me:hunter2",
  ]);
  expect(proxySecrets({ ALL_PROXY: "me:hunter2@proxy:3128" })).toEqual(["me:hunter2"]);
  expect(proxySecrets({})).toEqual([]);
});
