import { expect, it } from "vitest";
import { TryAgain } from "./try-again.ts";
import { webFailure } from "./web-failures.ts";

const request = {
  url: new URL("https://hub.example/org/name?sig=hunter2"),
  signal: null,
  byHand: "copy it.",
  wasReached: false,
};

/** As `fetch` throws it. */
function thrown(code: string): Error {
  return new TypeError("fetch failed", { cause: Object.assign(new Error("inner"), { code }) });
}

it("tells a network that is not there from a connection that was lost", () => {
  for (const code of ["ENOTFOUND", "ECONNREFUSED", "EAI_AGAIN"]) {
    const failure = webFailure(thrown(code), request);
    expect(failure).toMatchObject({ code: "weights-no-network" });
    expect(failure).toHaveProperty("hint", expect.stringContaining("copy it."));
    // In the middle of a download it may pass.
    expect(webFailure(thrown(code), { ...request, wasReached: true })).toBeInstanceOf(TryAgain);
  }
  for (const code of ["ECONNRESET", "UND_ERR_SOCKET", "UND_ERR_HEADERS_TIMEOUT", "ETIMEDOUT"]) {
    const failure = webFailure(thrown(code), request);
    expect(failure).toBeInstanceOf(TryAgain);
    expect(failure).toMatchObject({ failure: { code: "weights-connection-lost" } });
    expect(failure.message).toContain(code);
  }
});

it("looks into what failed on every address of a host", () => {
  const each = Object.assign(new Error("inner"), { code: "ECONNREFUSED" });
  const error = new TypeError("fetch failed", { cause: new AggregateError([each, each]) });
  expect(webFailure(error, request)).toMatchObject({ code: "weights-no-network" });
});

it("says what to do about a certificate that is not trusted, and keeps nothing of the thrown error", () => {
  for (const code of ["SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "CERT_HAS_EXPIRED"]) {
    const failure = webFailure(thrown(code), request);
    expect(failure).toMatchObject({ code: "weights-certificate" });
    expect(failure.cause).toBeUndefined();
    expect(failure).toHaveProperty("hint", expect.stringContaining("NODE_EXTRA_CA_CERTS"));
    expect(failure.message).not.toContain("hunter2");
  }
});

it("is a cancellation where the signal says so, whatever was thrown", () => {
  const failing = () => webFailure(thrown("ECONNRESET"), { ...request, signal: AbortSignal.abort() });
  expect(failing).toThrow(expect.objectContaining({ code: "weights-cancelled" }) as Error);
});
