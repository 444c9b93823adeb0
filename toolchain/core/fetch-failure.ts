/** Why a download failed, for a message, and what can be done about it. */
export interface FetchFailure {
  why: string;
  /** True when the same request may succeed in a moment. */
  passing: boolean;
  /** True when this machine keeps it from succeeding, whatever the source is. */
  local: boolean;
}

/** Statuses of servers that are overloaded, or busy with an update. */
const passingStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);

const hints: Partial<Record<number, string>> = {
  401: "put a login for this server into ~/.netrc",
  403: "put a login for this server into ~/.netrc, or ask who runs it",
  407: "the proxy wants a login: http://USER:PASSWORD@PROXY in HTTPS_PROXY",
};

/** Judges a server's answer that is not a success. */
export function statusFailure(status: number, statusText: string): FetchFailure {
  const hint = hints[status];
  const answer = `the server answered ${`${status} ${statusText}`.trim()}`;
  return {
    why: hint === undefined ? answer : `${answer}: ${hint}`,
    passing: passingStatuses.has(status),
    local: false,
  };
}

const untrusted = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

const reasons: Partial<Record<string, string>> = {
  ENOTFOUND: "the name of the server can't be resolved",
  EAI_AGAIN: "the name of the server can't be resolved",
  ECONNREFUSED: "the server refused the connection",
  ECONNRESET: "the connection was cut",
  EPIPE: "the connection was cut",
  ETIMEDOUT: "the server doesn't answer",
  ENETUNREACH: "there is no network",
  EHOSTUNREACH: "the server can't be reached",
  UND_ERR_SOCKET: "the connection was cut",
  UND_ERR_CONNECT_TIMEOUT: "the server doesn't answer",
  UND_ERR_HEADERS_TIMEOUT: "the server doesn't answer",
  UND_ERR_BODY_TIMEOUT: "the server stopped sending",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "the connection was cut",
};

/** Nothing changes these by itself in a moment. */
const lasting = new Set(["ENOTFOUND", "ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH"]);

/** Codes of errors that come from writing the file, not from the network. */
const full = new Set(["ENOSPC", "EDQUOT"]);

/** Judges an error of `fetch`, of reading its answer, or of writing that to a file. */
export function errorFailure(error: unknown): FetchFailure {
  const code = codeIn(error);
  if (code !== undefined && full.has(code)) {
    return { why: "the disk is full", passing: false, local: true };
  }
  if (code !== undefined && untrusted.has(code)) {
    const why = "its certificate is signed by an authority that isn't trusted here: NODE_EXTRA_CA_CERTS names its file";
    return { why, passing: false, local: false };
  }
  const why = (code === undefined ? undefined : reasons[code]) ?? messageIn(error);
  return { why, passing: code === undefined || !lasting.has(code), local: false };
}

/** `fetch` hides the reason in causes. */
function codeIn(error: unknown): string | undefined {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    const { code } = inner as NodeJS.ErrnoException;
    if (typeof code === "string") return code;
    if (inner instanceof AggregateError && inner.errors.length > 0) return codeIn(inner.errors[0]);
  }
  return undefined;
}

function messageIn(error: unknown): string {
  let message = String(error);
  for (let inner = error; inner instanceof Error; inner = inner.cause) message = inner.message;
  return message;
}
