import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { InterruptedError } from "../../host/interruption.ts";
import type { StackLines } from "../setup/stack-lines.ts";
import { isLocalBackend } from "../setup/local-backend.ts";
import { passphraseRemedy } from "../setup/unreadable-secrets.ts";
import { backendProblem } from "./backend-problem.ts";
import { lockedMessage } from "./stale-lock.ts";

/** Shows what Pulumi's engine does to a stack while it happens, and collects the errors that it reports. */
export class Diagnostics {
  private readonly errors: string[] = [];

  /** Options for `up`, `preview` and `destroy`. */
  readonly options;

  constructor(lines: StackLines) {
    this.options = {
      onOutput: lines.write,
      onEvent: ({ diagnosticEvent }: EngineEvent): void => {
        if (diagnosticEvent?.severity !== "error") return;
        this.errors.push(withImage(diagnosticEvent.urn, plain(diagnosticEvent.message)));
      },
      suppressProgress: true,
      color: process.stdout.isTTY ? "always" : "never",
    } as const;
  }

  /** Forgets the errors that were reported, before another try. */
  forget(): void {
    this.errors.length = 0;
  }

  /** What to say of an operation that failed: the engine's own errors, or else the failure's message. */
  explain(error: unknown): string {
    if (error instanceof InterruptedError) return "interrupted";
    const own = this.errors.filter((line) => !isEmptyPhrase(line));
    return own.length > 0 ? [...new Set(own)].join("\n") : userMessageOf(error);
  }
}

/** A message, with the image that it is about: what a builder says does not name it, and a stack may build several. */
export function withImage(urn: string | undefined, message: string): string {
  const image = /[:$]docker:index\/image:Image::(.+)$/.exec(urn ?? "")?.[1];
  return image === undefined || isEmptyPhrase(message) ? message : `the image ${image}: ${message}`;
}

/** Messages that say no more than that something failed. */
const isEmptyPhrase = (line: string): boolean =>
  line === "" || line === "update failed" || line.startsWith("resource registration failed");

/**
 * The message without its colours, and without what Pulumi's SDK puts around an error of ours that a resource's property
 * came to: the property's name, and a stack trace.
 */
export const plain = (message: string): string =>
  message
    // eslint-disable-next-line no-control-regex -- the escape sequences that colour Pulumi's messages
    .replace(/<\{%[^%]*%\}>|\u001b\[[\d;]*m/g, "")
    // What is refused before anything is changed is about the cluster, not about the resource that looks at it.
    .replace(/^pulumi-nodejs:dynamic\/existing:Claim resource '[^']*' has a problem: /, "")
    .replace(/^(Error: )?error serializing (property "[^"]*"|`[^`]*`): (?=services\[)/, "")
    .replace(/\n\s+at (\S+ \()?(file:|\/|node:|async |process)[^\n]*/g, "")
    .trim();

/** The part of an Automation API error that helps a user. */
export function userMessageOf(error: unknown): string {
  const text = plain(error instanceof Error ? error.message : String(error));
  if (/incorrect passphrase/i.test(text)) return wrongPassphrase;
  const locked = lockedMessage(text);
  if (locked !== undefined) return locked;
  const problem = isLocalBackend() ? undefined : backendProblem(text, process.env.PULUMI_BACKEND_URL ?? "");
  if (problem !== undefined) return problem;
  const lines = text.split("\n").filter((line) => /error:/.test(line));
  return lines.length > 0 ? lines.join("\n") : text;
}

const wrongPassphrase = `The passphrase is not the one that this stack's secrets were made with. ${passphraseRemedy}`;
