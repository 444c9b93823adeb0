// Everything that other folders may import of the toolchain.
export { ToolchainError } from "./core/toolchain-error.ts";
export { type Reporter, reportTo } from "./core/reporter.ts";
export { contextDigest } from "./docker-plugin/context-digest.ts";
export { ensureEngine } from "./engine/ensure-engine.ts";
export { socketOfContext } from "./engine/probe.ts";
export { dockerStandIn } from "./tools/pulumi-home.ts";
export { ensureTestTools, ensureToolchain, ensureTools, type Tools } from "./ensure.ts";
