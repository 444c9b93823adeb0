import * as http from "node:http";
import * as https from "node:https";
import { type Answer, longestProvedBody } from "./call-from-pod.ts";

/** Options of {@link callFromHost}. */
export interface HostCallOptions {
  /** The Host header. @default the URL's */
  host?: string;
  /** The authority, as PEM, that an https URL's certificate is signed by. @default publicly trusted ones */
  caCertificate?: string;
  deadlineMilliseconds: number;
}

/**
 * Calls a URL from this machine, without any proxy, and reads the body's beginning.
 *
 * @throws Error when no answer comes in time
 */
export function callFromHost(
  url: string,
  { host, caCertificate, deadlineMilliseconds }: HostCallOptions,
): Promise<Answer> {
  const began = performance.now();
  // One of its own: the global agent follows the variables for proxies where Node is told to.
  const isTls = url.startsWith("https:");
  const agent = isTls ? new https.Agent({ ca: caCertificate }) : new http.Agent();
  const late = new Error(`no answer within ${deadlineMilliseconds} ms`);
  return new Promise<Answer>((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    const call = (isTls ? https.get : http.get)(url, { agent, headers }, (response) => {
      const { statusCode = 0, statusMessage = "", httpVersion, rawHeaders } = response;
      const chunks: Buffer[] = [];
      let length = 0;
      const finish = (cut: boolean) => {
        const body = Buffer.concat(chunks).subarray(0, longestProvedBody);
        const milliseconds = performance.now() - began;
        resolve({
          status: statusCode,
          reason: statusMessage,
          version: httpVersion,
          headers: rawHeaders,
          body,
          cut,
          milliseconds,
        });
        call.destroy();
      };
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > longestProvedBody) finish(true);
      });
      response.on("end", () => finish(false)).on("error", reject);
    });
    call.on("error", reject);
    // For all of it: a body may come by drips.
    const timer = setTimeout(() => {
      reject(late);
      call.destroy();
    }, deadlineMilliseconds);
    call.on("close", () => clearTimeout(timer));
  }).finally(() => agent.destroy());
}
