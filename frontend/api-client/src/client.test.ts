import { describe, expect, it } from "vitest";
import { type Api, ApiError, createApi, MfaRequired, take } from "./index";

const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

const me = {
  id: "m",
  name: "Ada",
  email: "ada@example.com",
  roles: ["owner"],
  tenant: { id: "t", slug: "t", name: "T" },
};

describe("the client", () => {
  it("renews once for many calls that meet a 401, then repeats each of them", async () => {
    let refreshes = 0;
    const bearers: (string | null)[] = [];
    const api = createApi({
      baseUrl: "http://console.test",
      fetch: async (request) => {
        if (request.url.endsWith("/v1/auth/refresh")) {
          refreshes += 1;
          await Promise.resolve();
          return json(200, { access_token: "new", expires_in: 600 });
        }
        bearers.push(request.headers.get("authorization"));
        return request.headers.get("authorization") === "Bearer new"
          ? json(200, me)
          : json(401, { code: "token-expired" });
      },
    });
    const answers = await Promise.all([1, 2, 3].map(() => take(api.client.GET("/v1/me"))));
    expect(answers.map((answer) => answer.name)).toEqual(["Ada", "Ada", "Ada"]);
    expect(refreshes).toBe(1);
    expect(bearers.filter((bearer) => bearer === "Bearer new")).toHaveLength(3);
  });

  it("says the sign-in is over when renewing is refused, and does not ask again", async () => {
    let signedOut = 0;
    let calls = 0;
    const api = createApi({
      baseUrl: "http://console.test",
      onSignedOut: () => {
        signedOut += 1;
      },
      fetch: (request) => {
        if (!request.url.endsWith("/v1/auth/refresh")) calls += 1;
        return Promise.resolve(json(401, { code: "unauthorized", title: "Sign in" }));
      },
    });
    await expect(take(api.client.GET("/v1/me"))).rejects.toBeInstanceOf(ApiError);
    expect(signedOut).toBe(1);
    expect(calls).toBe(1);
  });

  it("repeats a call with its body", async () => {
    const bodies: string[] = [];
    const api = createApi({
      baseUrl: "http://console.test",
      fetch: async (request) => {
        if (request.url.endsWith("/v1/auth/refresh")) return json(200, { access_token: "new", expires_in: 600 });
        bodies.push(await request.text());
        return request.headers.has("authorization")
          ? json(201, { id: "p", name: "Shop", created_at: "", sessions_live: 0, sessions_total: 0 })
          : json(401, {});
      },
    });
    await take(api.client.POST("/v1/projects", { body: { name: "Shop" } }));
    expect(bodies).toEqual(['{"name":"Shop"}', '{"name":"Shop"}']);
  });

  it("turns a problem into an ApiError with its request id and fields", async () => {
    const api = createApi({
      baseUrl: "http://console.test",
      fetch: () =>
        Promise.resolve(
          json(422, {
            type: "/problems/invalid",
            title: "Invalid",
            status: 422,
            code: "invalid",
            detail: "An origin is needed.",
            request_id: "0190-req",
            errors: [{ pointer: "/origins/0", detail: "not an origin" }],
          }),
        ),
    });
    const failure = await take(api.client.GET("/v1/projects")).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      status: 422,
      code: "invalid",
      requestId: "0190-req",
      errors: [{ pointer: "/origins/0", detail: "not an origin" }],
    });
  });

  it("says so when no answer comes", async () => {
    const api = createApi({ baseUrl: "http://console.test", fetch: () => Promise.reject(new TypeError("down")) });
    await expect(take(api.client.GET("/v1/me"))).rejects.toMatchObject({ status: 0, code: "network" });
  });

  it("holds no token before the second factor, and holds it after", async () => {
    const challenge = { mfa_required: true, challenge: "c", expires_in: 300, methods: ["totp"] };
    const bodies: unknown[] = [];
    const api = createApi({
      baseUrl: "http://console.test",
      fetch: async (request) => {
        if (request.url.endsWith("/v1/auth/login")) return json(200, challenge);
        bodies.push(await request.json());
        return json(200, { access_token: "held", expires_in: 300 });
      },
    });
    const asked: unknown = await api
      .login({ email: "ada@example.com", password: "x" })
      .catch((error: unknown) => error);
    expect(asked).toBeInstanceOf(MfaRequired);
    expect(asked).toMatchObject({ challenge });
    expect(api.signedIn()).toBe(false);
    await api.completeLogin({ challenge: "c", totp: "123 456" });
    expect(bodies).toEqual([{ challenge: "c", totp: "123 456" }]);
    expect(api.signedIn()).toBe(true);
  });

  describe("an act that needs a fresh proof", () => {
    const needed = { needs: "factor", withinSeconds: 600 };
    /** A server that does what is asked once `proved`; counts what it was asked. */
    function guarded(onStepUp: (proved: () => void) => boolean) {
      const bodies: string[] = [];
      const asked: unknown[] = [];
      let proved = false;
      const api = createApi({
        baseUrl: "http://console.test",
        onStepUp: async (need) => {
          asked.push(need);
          await Promise.resolve();
          return onStepUp(() => {
            proved = true;
          });
        },
        fetch: async (request) => {
          bodies.push(await request.text());
          return proved && !request.url.includes("step-up")
            ? json(201, { id: "p", name: "Shop", created_at: "", sessions_live: 0, sessions_total: 0 })
            : json(403, { code: "step-up-required", step_up: { needs: "factor", within_seconds: 600 } });
        },
      });
      return { api, bodies, asked };
    }
    const create = (api: Api) => take(api.client.POST("/v1/projects", { body: { name: "Shop" } }));

    it("is asked for again, with its body, once the proof was taken", async () => {
      const { api, bodies, asked } = guarded((prove) => {
        prove();
        return true;
      });
      await expect(create(api)).resolves.toMatchObject({ id: "p" });
      expect(asked).toEqual([needed]);
      expect(bodies).toEqual(['{"name":"Shop"}', '{"name":"Shop"}']);
    });

    it("is refused when the person would rather not, and not asked for twice when the proof did not help", async () => {
      const declined = guarded(() => false);
      await expect(create(declined.api)).rejects.toMatchObject({ code: "step-up-required", stepUp: needed });
      expect(declined.bodies).toHaveLength(1);
      const useless = guarded(() => true);
      await expect(create(useless.api)).rejects.toMatchObject({ code: "step-up-required" });
      expect(useless.bodies).toHaveLength(2);
      expect(useless.asked).toHaveLength(1);
    });

    it("is never the proof itself", async () => {
      const { api, asked } = guarded(() => true);
      const proof = take(api.client.POST("/v1/auth/step-up", { body: { password: "x" } }));
      await expect(proof).rejects.toMatchObject({ stepUp: needed });
      expect(asked).toEqual([]);
    });
  });

  it("says how long to wait when the server does", async () => {
    const api = createApi({
      baseUrl: "http://console.test",
      fetch: () =>
        Promise.resolve(
          new Response('{"code":"rate-limited"}', {
            status: 429,
            headers: { "content-type": "application/problem+json", "retry-after": "90" },
          }),
        ),
    });
    await expect(take(api.client.GET("/v1/me"))).rejects.toMatchObject({ status: 429, retryAfter: 90 });
  });

  it("streams with the token and reports a refused stream as a problem", async () => {
    let status = 200;
    const api = createApi({
      baseUrl: "http://console.test",
      fetch: (request) =>
        Promise.resolve(
          request.url.endsWith("/v1/auth/login")
            ? json(200, { access_token: "held", expires_in: 600 })
            : status === 200
              ? new Response(request.headers.get("authorization"))
              : json(status, { code: "forbidden", request_id: "r1" }),
        ),
    });
    await api.login({ email: "ada@example.com", password: "x" });
    const options = { accept: "text/event-stream", signal: new AbortController().signal };
    const body = await api.stream("/v1/sessions/live", options);
    expect(await new Response(body).text()).toBe("Bearer held");
    status = 403;
    await expect(api.stream("/v1/sessions/live", options)).rejects.toMatchObject({
      code: "forbidden",
      requestId: "r1",
    });
  });

  it("tells how much a download will bring, unless it was packed for the way", async () => {
    let headers: Record<string, string> = { "content-length": "5" };
    const api = createApi({
      baseUrl: "http://console.test",
      fetch: () => Promise.resolve(new Response("12345", { headers })),
    });
    const options = { accept: "application/octet-stream", signal: new AbortController().signal };
    expect((await api.download("/v1/x", options)).length).toBe(5);
    headers = { "content-length": "5", "content-encoding": "gzip" };
    expect((await api.download("/v1/x", options)).length).toBeUndefined();
    headers = {};
    expect((await api.download("/v1/x", options)).length).toBeUndefined();
  });
});
