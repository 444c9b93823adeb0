import { dirname } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../config/config-error.ts";
import { rawFromRuntime } from "../config/raw-config.ts";
import { siblingsIn } from "../config/read-stacks.ts";
import { parseStackConfig } from "../config/stack-config.ts";
import { readStackFiles, StackFileError } from "../config/stack-files.ts";
import { bundleService } from "../service/build.ts";
import { deploy } from "./deploy.ts";
import type { ProgramOutputs } from "./outputs.ts";
import { resolvePeers } from "./peers.ts";

/** Pulumi runs the default export, and makes what it returns the stack's outputs. */
export default async function program(): Promise<ProgramOutputs> {
  const config = await readConfig();
  const peers = await resolvePeers(config);
  const { context } = await bundleService();
  return deploy(config, peers, context);
}

/** The stack's configuration, checked. Its problems are the user's to solve, and a stack trace would not help. */
async function readConfig() {
  const project = pulumi.getProject();
  try {
    const files = await readStackFiles(dirname(import.meta.dirname));
    for (const { message } of files.unreadable.values()) void pulumi.log.warn(message);
    const raw = rawFromRuntime(pulumi.runtime.allConfig(), project);
    return parseStackConfig(raw, { stack: pulumi.getStack(), project, siblings: siblingsIn(files) });
  } catch (error) {
    if (error instanceof ConfigError || error instanceof StackFileError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
