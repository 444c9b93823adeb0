import { expect } from "chai";
import { ConfigError } from "../../config/config-error.ts";
import type { RawConfig } from "../../config/raw-config.ts";
import { parseStackConfig } from "../../config/stack-config.ts";

/** The other stacks' configuration as written, by stack. */
type Siblings = Readonly<Record<string, RawConfig>>;

export const cluster = { name: "cluster1", httpPort: 80 };
export const service = { name: "identity", namespace: "test-namespace" };
/** A peer that still needs a `stack` or a `url`. */
export const unboundPeer = { alias: "cluster2-service1", namespace: "test-namespace" };
export const peer = { ...unboundPeer, stack: "staging" };

/** The smallest configuration with a service; it has no problem. */
export const validConfig: RawConfig = { cluster, services: [service] };

export const withCluster = (change: object): RawConfig => ({ ...validConfig, cluster: { ...cluster, ...change } });
export const withService = (change: object): RawConfig => ({ ...validConfig, services: [{ ...service, ...change }] });
export const withPeer = (change: object): RawConfig => ({ ...validConfig, peers: [{ ...unboundPeer, ...change }] });

/** Parses a configuration as that of the stack `development` of the project `identity`. */
export const parse = (raw: RawConfig, siblings?: Siblings) =>
  parseStackConfig(raw, { stack: "development", project: "identity", siblings });

/** Every problem of a configuration, as `path: message`; none when it is accepted. */
export function problemsOf(raw: RawConfig, siblings?: Siblings): string[] {
  try {
    parse(raw, siblings);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

/** The problem of a configuration that has exactly one. */
export function onlyProblemOf(raw: RawConfig, siblings?: Siblings): string {
  const problems = problemsOf(raw, siblings);
  expect(problems).to.have.length(1);
  return problems[0]!;
}
