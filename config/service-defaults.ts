import { isPlainObject } from "../host/plain-object.ts";
import type { Problem } from "./config-error.ts";
import { type Block, blockOf, type RawConfig } from "./raw-config.ts";

/** Keys whose entries are added to the defaults', one by one. The others replace them. */
const addedKeys = ["env", "secretEnv", "files", "resources"];

/** Keys of which a service has only one: its own word hides the defaults' other one. */
const alternatives = [
  ["build", "image"],
  ["port", "ports"],
];

/** The configuration as written, with what `defaults` says filled into every service that does not say it itself. */
export function withDefaults(raw: RawConfig): RawConfig {
  const { defaults, services } = raw;
  if (!isPlainObject(defaults) || !Array.isArray(services)) return raw;
  const filled = services.map((service: unknown) => (isPlainObject(service) ? fill(service, defaults) : service));
  return { ...raw, services: filled };
}

function fill(service: Block, defaults: Block): Block {
  const hidden = alternatives.flatMap((keys) => (keys.some((key) => key in service) ? keys : []));
  const used = Object.fromEntries(Object.entries(defaults).filter(([key]) => !hidden.includes(key)));
  const added = addedKeys
    .filter((key) => isPlainObject(used[key]) && isPlainObject(service[key]))
    .map((key) => [key, { ...blockOf(used[key]), ...blockOf(service[key]) }] as const);
  return { ...used, ...service, ...Object.fromEntries(added) };
}

/** Whether a problem of a service is only the echo of one that was found in the defaults themselves. */
export function isOfDefaults({ at }: Problem, raw: RawConfig, found: readonly Problem[]): boolean {
  const [section, index, ...rest] = at;
  if (section !== "services" || typeof index !== "number" || rest.length === 0) return false;
  const services: unknown = raw.services;
  const own = Array.isArray(services) ? blockOf(services[index]) : {};
  const isOwn = rest.length === 1 ? String(rest[0]) in own : String(rest[1]) in blockOf(own[String(rest[0])]);
  const same = JSON.stringify(["defaults", ...rest]);
  return !isOwn && found.some((other) => JSON.stringify(other.at) === same);
}
