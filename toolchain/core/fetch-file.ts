import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { interrupted, throwIfInterrupted } from "../../host/interruption.ts";
import { basicCredentials, netrcLogin } from "../../host/netrc.ts";
import { ToolchainError } from "./toolchain-error.ts";
import { errorFailure, type FetchFailure, statusFailure } from "./fetch-failure.ts";

/** A download that failed; the tool may come from another source. */
export class DownloadFailed extends ToolchainError {
  override readonly name = "DownloadFailed";
}

/** How far a download is. */
export interface Received {
  bytes: number;
  /** @default the server doesn't say */
  ofBytes?: number;
}

/** Options of {@link fetchFile} and {@link fetchText}. */
export interface FetchOptions {
  /** Called with each part that arrives. @default not called */
  onReceived?: (received: Received) => void;
  /** A server that sends nothing for this long has failed. @default 60 */
  silenceSeconds?: number;
  /** The pauses before another attempt; their number is that of the attempts after the first. @default 1, 4, 15 */
  pauseSeconds?: readonly number[];
}

/** A server may ask for a longer pause than ours, but not for a longer one than this. */
const longestPauseSeconds = 60;

/**
 * Downloads a file. What fails in passing is tried again; there is no limit to the whole time, only to silence.
 *
 * @throws DownloadFailed
 * @throws InterruptedError
 * @throws ToolchainError when no other source would help, such as for a full disk
 */
export function fetchFile(url: string, file: string, options: FetchOptions = {}): Promise<void> {
  return withAttempts(url, options, async (signal, heard) => {
    const response = await request(url, signal);
    const ofBytes = Number(response.headers.get("content-length")) || undefined;
    let bytes = 0;
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        heard();
        bytes += chunk.length;
        options.onReceived?.({ bytes, ofBytes });
        done(null, chunk);
      },
    });
    const body = response.body ?? new Blob([]).stream();
    await pipeline(Readable.fromWeb(body), count, createWriteStream(file), { signal });
  });
}

/** Downloads a short text; see {@link fetchFile}. */
export function fetchText(url: string, options: FetchOptions = {}): Promise<string> {
  return withAttempts(url, options, async (signal) => (await request(url, signal)).text());
}

/** An answer that is not a success. */
class AnsweredFailure extends Error {
  readonly failure: FetchFailure;
  /** How long the server asks us to wait. */
  readonly afterSeconds: number | undefined;

  constructor(failure: FetchFailure, afterSeconds: number | undefined) {
    super(failure.why);
    this.failure = failure;
    this.afterSeconds = afterSeconds;
  }
}

async function request(url: string, signal: AbortSignal): Promise<Response> {
  // A redirect to another server goes without the login: fetch drops it there.
  const response = await fetch(url, { signal, headers: loginHeader(new URL(url).hostname) });
  if (response.ok) return response;
  await response.body?.cancel();
  const after = Number(response.headers.get("retry-after")) || undefined;
  throw new AnsweredFailure(statusFailure(response.status, response.statusText), after);
}

/** The header with the user's login for a server; empty without one. */
export function loginHeader(host: string): Record<string, string> {
  const login = netrcLogin(host);
  if (login === undefined) return {};
  const credentials = basicCredentials(login);
  return { authorization: `Basic ${credentials}` };
}

async function withAttempts<T>(
  url: string,
  { silenceSeconds = 60, pauseSeconds = [1, 4, 15] }: FetchOptions,
  attempt: (signal: AbortSignal, heard: () => void) => Promise<T>,
): Promise<T> {
  for (let failed = 0; ; failed++) {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(new SilentServer(silenceSeconds)), silenceSeconds * 1000);
    try {
      return await attempt(AbortSignal.any([silence.signal, interrupted]), () => void timer.refresh());
    } catch (error) {
      throwIfInterrupted();
      const reason: unknown = silence.signal.aborted ? silence.signal.reason : error;
      const failure = reason instanceof AnsweredFailure ? reason.failure : errorFailure(reason);
      const pause = pauseSeconds[failed];
      if (failure.local) throw new ToolchainError(`${url} could not be downloaded: ${failure.why}.`, { cause: reason });
      if (!failure.passing || pause === undefined) {
        const attempts = failed === 0 ? "" : ` (in ${failed + 1} attempts)`;
        throw new DownloadFailed(`${url} could not be downloaded${attempts}: ${failure.why}.`, { cause: reason });
      }
      const asked = reason instanceof AnsweredFailure ? reason.afterSeconds : undefined;
      const pauseMilliseconds = 1000 * Math.min(Math.max(pause, asked ?? 0), longestPauseSeconds);
      await sleep(pauseMilliseconds, undefined, { signal: interrupted }).catch(throwIfInterrupted);
    } finally {
      clearTimeout(timer);
    }
  }
}

class SilentServer extends Error {
  constructor(seconds: number) {
    super(`the server has sent nothing for ${seconds} s`);
  }
}
