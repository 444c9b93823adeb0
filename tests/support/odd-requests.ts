import * as fc from "fast-check";

/** Any bytes, as latin1 text. */
const noise = (maxLength: number): fc.Arbitrary<string> =>
  fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes).toString("latin1"));

const method = fc.oneof(
  fc.constantFrom(
    "GET",
    "HEAD",
    "OPTIONS",
    "POST",
    "DELETE",
    "CONNECT",
    "TRACE",
    "PROPFIND",
    "QUERY",
    "get",
    "",
    "BREW",
    "G ET",
  ),
  noise(6),
);

const target = fc.oneof(
  fc.constantFrom(
    "/",
    "/cluster",
    "/healthz",
    "/readyz",
    "*",
    "",
    "//",
    "/..",
    "/%",
    "/%00",
    "/#",
    "/?",
    "?",
    "http://",
    "http://[",
    "https://a:0/cluster",
  ),
  fc.constantFrom(
    "http://a:99999/",
    "//user@host:b#",
    "/\u00a0",
    "/__proto__",
    "/constructor",
    "a:80",
    "file:///etc/passwd",
  ),
  fc.webUrl(),
  fc.string({ maxLength: 40 }).map((text) => `/${text}`),
  noise(40),
);

const version = fc.oneof(
  { weight: 8, arbitrary: fc.constant("HTTP/1.1") },
  { weight: 2, arbitrary: fc.constantFrom("HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/9.9", "http/1.1", "HTTP", "") },
);

const header = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("Host: a", "Host: a") },
  fc.constantFrom("Host:", "host: b", "Host: a:b", "Host: [::1", "Host: a, b", "Host : a", " Host: a"),
  fc.constantFrom(
    "Connection: close",
    "Connection: keep-alive",
    "Connection: upgrade",
    "Upgrade: websocket",
    "Upgrade: h2c",
  ),
  fc.constantFrom(
    "Content-Length: 0",
    "Content-Length: 3",
    "Content-Length: -1",
    "Content-Length: 1e9",
    "Content-Length: 99999999999999999999",
  ),
  fc.constantFrom(
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip",
    "Transfer-Encoding: chunked, chunked",
    "Transfer-Encoding:",
  ),
  fc.constantFrom(
    "Expect: 100-continue",
    "Expect: a-miracle",
    "Trailer: Host",
    "TE: trailers",
    "X-Request-Id: a",
    "X-Request-Id:",
  ),
  fc.constantFrom("__proto__: a", "constructor: b", `X: ${"x".repeat(20_000)}`, "a:\r\n".repeat(3_000).trimEnd()),
  noise(30),
  fc.tuple(noise(12), noise(12)).map(([name, value]) => `${name}: ${value}`),
);

/** Half of the lists are valid, so that the service gets to the oddities of the other parts, too. */
const headers = fc.oneof(
  { weight: 1, arbitrary: fc.constant(["Host: a"]) },
  { weight: 1, arbitrary: fc.constant(["Host: a", "Connection: close"]) },
  { weight: 2, arbitrary: fc.array(header, { maxLength: 5 }) },
);

const body = fc.oneof(
  fc.constantFrom(
    "",
    "",
    "abc",
    "3\r\nabc\r\n0\r\n\r\n",
    "0\r\nHost: a\r\n\r\n",
    "ffffffffffffffff\r\n",
    "3;x=y\r\nabc\r\n",
    "-1\r\n",
    "zz\r\n",
  ),
  noise(30),
);

const request = fc
  .record({
    method,
    target,
    version,
    headers,
    end: fc.oneof({ weight: 8, arbitrary: fc.constant("\r\n") }, fc.constantFrom("\n", "")),
    body,
  })
  .map(({ method, target, version, headers, end, body }) => {
    const first = [method, target, version].join(" ");
    return [first, ...headers, "", ""].join(end) + body;
  });

/** The bytes of a connection, as latin1 text: an odd or malformed request, several requests, or noise. */
export const oddRequests: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: request },
  { weight: 2, arbitrary: fc.array(request, { minLength: 2, maxLength: 4 }).map((requests) => requests.join("")) },
  { weight: 1, arbitrary: noise(200) },
);
