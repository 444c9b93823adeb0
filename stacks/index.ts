import { dirname } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { bundleService } from "../service/build.ts";
import { ConfigError, parseStackConfig, rawFromRuntime } from "../config/stack-config.ts";
import { deploy } from "./deploy.ts";
import { resolvePeers } from "./peers.ts";
import { readStackFiles, StackFileError } from "../config/stack-files.ts";

const project = pulumi.getProject();
const stackFiles = dirname(import.meta.dirname);

const config = await readConfig();
const resolved = await resolvePeers(config);
const bundle = await bundleService();
const outputs = deploy(config, resolved, bundle.context);

export const { url, exposedUrl, context, kubeconfig, image, services, peers } = outputs;

/** A mistake in the configuration is the user's to mend: its message is all that helps, without a stack trace. */
async function readConfig() {
  try {
    const siblings = Object.fromEntries(await readStackFiles(stackFiles));
    return parseStackConfig(pulumi.getStack(), rawFromRuntime(pulumi.runtime.allConfig(), project), siblings, project);
  } catch (failure) {
    if (failure instanceof ConfigError || failure instanceof StackFileError) throw new pulumi.RunError(failure.message);
    throw failure;
  }
}
