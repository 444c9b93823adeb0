import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { shownBuilderLines } from "../../host/docker-build.ts";
import { InterruptedError } from "../../host/interruption.ts";
import type { StackLines } from "../setup/stack-lines.ts";
import { isLocalBackend } from "../setup/local-backend.ts";
import { passphraseRemedy } from "../setup/unreadable-secrets.ts";
import { LostAccessError } from "./access-watch.ts";
import { backendProblem } from "./backend-problem.ts";
import { lockedMessage } from "./stale-lock.ts";

/** Shows what Pulumi's engine does to a stack while it happens, and collects the errors that it reports. */
export class Diagnostics {
  private readonly errors: string[] = [];
  private readonly builders = new BuilderLines();

  /** Options for `up`, `preview` and `destroy`. */
  readonly options;

  constructor(lines: StackLines) {
    this.options = {
      onOutput: lines.write,
      onEvent: ({ diagnosticEvent }: EngineEvent): void => {
        if (diagnosticEvent === undefined) return;
        const { severity, urn, message } = diagnosticEvent;
        const text = plain(message);
        if (severity !== "error") this.builders.hear(urn, text);
        else this.errors.push(withImage(urn, this.builders.explain(urn, withRemedy(text))));
      },
      suppressProgress: true,
      color: process.stdout.isTTY ? "always" : "never",
    } as const;
  }

  /** Forgets the errors that were reported, before another try. */
  forget(): void {
    this.errors.length = 0;
    this.builders.forget();
  }

  /** What to say of an operation that failed: the engine's own errors, or else the failure's message. */
  explain(error: unknown): string {
    if (error instanceof InterruptedError) return "interrupted";
    if (error instanceof LostAccessError) return error.message;
    const own = this.errors.filter((line) => !isEmptyPhrase(line));
    return own.length > 0 ? [...new Set(own)].join("\n") : userMessageOf(error);
  }
}

/** What a builder tells of its own work, and Pulumi's docker plugin of its, which explains no failure. */
const progress =
  /^(digest: |Building your image |To ensure you are building |Starting Docker build|(Pushing|Preparing|Waiting|Layer)\b)|^$/;

/**
 * What the builders of images print. Pulumi's docker plugin shows it in passing, and its error has only the command that
 * failed, with its status.
 */
export class BuilderLines {
  private readonly lines = new Map<string, string[]>();

  /** Keeps what was said of an image. @param urn the resource's that it was said of */
  hear(urn: string | undefined, text: string): void {
    const image = imageOf(urn);
    if (image === undefined) return;
    const own = text.split("\n").filter((line) => !progress.test(line));
    this.lines.set(image, [...(this.lines.get(image) ?? []), ...own].slice(-shownBuilderLines));
  }

  forget(): void {
    this.lines.clear();
  }

  /** A message about a failed build, with the last lines of its builder; any other message as it is. */
  explain(urn: string | undefined, message: string): string {
    if (!message.startsWith("error reading build output:")) return message;
    const lines = this.lines.get(imageOf(urn) ?? "") ?? [];
    const others = lines.filter((line) => !message.includes(line.replace("error: ", "")));
    return [message, ...others].join("\n");
  }
}

/** A message with what to do about it, where its author does not say that. */
export const withRemedy = (message: string): string =>
  message.includes("failed to connect to any docker daemon")
    ? "no Docker engine answers, which Pulumi's docker plugin asks in a preview, too. Start one: npm run tools"
    : message;

/** The image that a resource is; undefined for any other resource. */
const imageOf = (urn: string | undefined): string | undefined =>
  /[:$]docker:index\/image:Image::(.+)$/.exec(urn ?? "")?.[1];

/** A message, with the image that it is about: what a builder says does not name it, and a stack may build several. */
export function withImage(urn: string | undefined, message: string): string {
  const image = imageOf(urn);
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
