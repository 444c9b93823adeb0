import { isIP } from "node:net";
import { type Check, kindProblem } from "./check-values.ts";
import { show } from "./wording.ts";

/** What a service's files, variables and sizes may look like; the values that Kubernetes would refuse only later. */

/** What is wrong with the name of an environment variable. */
export function variableProblem(name: string): string | undefined {
  if (/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)) return undefined;
  return `${show(name)} is not an environment variable: write letters, digits and "_", such as LOG_LEVEL`;
}

/** Checks the value of an environment variable: text, a number, true or false. */
export const variableValue: Check = (value) => {
  if (isSecure(value)) return "is encrypted: write it to secretEnv, whose variables the container gets, too";
  if (typeof value === "string" && value.includes("\0")) return "holds a NUL character, which no variable can";
  if (["string", "number", "boolean"].includes(typeof value)) return undefined;
  return kindProblem(value, "text, a number, true or false", 'a value such as "debug"');
};

/** A value that Pulumi encrypted, as the stack file has it. In the program, it holds the text itself. */
export interface SecureValue {
  secure: string;
}

export const isSecure = (value: unknown): value is SecureValue =>
  typeof value === "object" && value !== null && "secure" in value && typeof value.secure === "string";

/** What is wrong with a value that Pulumi should have encrypted. It is never shown. */
export const plainSecretProblem = (variable: string, path: string): string =>
  `is in plain: have Pulumi encrypt it, in a shell after eval "$(npm run -s env)": ` +
  `pulumi config set -s STACK --secret --path ${show(path)} (it asks for the value), ` +
  `or write it to env if ${variable} is no secret`;

/** What is wrong with a path in a container. */
export function containerPathProblem(path: string): string | undefined {
  if (path === "/") return '"/" is all of the container\'s file system: write a place in it, such as /var/cache/web';
  const clean = /^\/[^\s:]*[^\s:/]$/.test(path) && !/\/\/|\/\.\.?(\/|$)/.test(path);
  return clean ? undefined : `${show(path)} is not an absolute path in the container: write one such as /var/cache/web`;
}

/** What is wrong with an amount of CPU. */
export function cpuProblem(amount: string): string | undefined {
  if (/^(0|[1-9]\d*)(m|\.\d{1,3})?$/.test(amount) && Number.parseFloat(amount) > 0) return undefined;
  return `${show(amount)} is not an amount of CPU: write one such as 100m or "1"`;
}

/** What is wrong with an amount of memory or disk. */
export function sizeProblem(amount: string): string | undefined {
  if (/^[1-9]\d*(\.\d+)?(Ki|Mi|Gi|Ti|k|M|G|T)?$/.test(amount)) return undefined;
  return `${show(amount)} is not an amount of bytes: write one such as 256Mi`;
}

/** Checks an amount, which may also be a plain number. */
export const amount =
  (problem: (amount: string) => string | undefined, example: string): Check =>
  (value) => {
    if (typeof value !== "string" && typeof value !== "number") return kindProblem(value, "an amount", example);
    return problem(String(value));
  };

/** CPU in cores. */
export const coresOf = (amount: string): number =>
  amount.endsWith("m") ? Number(amount.slice(0, -1)) / 1000 : Number(amount);

const units: Record<string, number> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
};

/** Memory or disk in bytes. */
export function bytesOf(amount: string): number {
  const [, number, unit = ""] = /^([\d.]+)(\D*)$/.exec(amount) ?? [];
  return Number(number) * (units[unit] ?? 1);
}

/** What is wrong with the target of an egress rule: everywhere, the internet, or addresses. */
export function egressTargetProblem(target: string): string | undefined {
  if (target === "any" || target === "internet") return undefined;
  const [address = "", prefix, ...rest] = target.split("/");
  const family = isIP(address);
  const longest = family === 6 ? 128 : 32;
  const prefixFits = prefix === undefined || (/^\d+$/.test(prefix) && Number(prefix) <= longest);
  if (family !== 0 && prefixFits && rest.length === 0) return undefined;
  const remedy = 'write its address, such as 203.0.113.7 or 203.0.113.0/24, or "internet", or "any"';
  return `${show(target)} is not an address, and a NetworkPolicy knows no names: ${remedy}`;
}

/** What is wrong with the name of a port. */
export function portNameProblem(name: string): string | undefined {
  const isName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= 15 && /[a-z]/.test(name);
  if (isName && !name.includes("--")) return undefined;
  return `${show(name)} is not a port's name: write lower-case letters, digits and "-", at most 15, such as "grpc"`;
}

/** What is wrong with a platform. */
export function platformProblem(platform: string): string | undefined {
  if (/^linux\/[a-z0-9]+(\/v\d+)?$/.test(platform)) return undefined;
  return `${show(platform)} is not a platform: write one such as linux/amd64`;
}
