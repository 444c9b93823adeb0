import { readFile } from "node:fs/promises";
import { tryRun } from "./command.ts";
import { dockerConfigFile } from "./docker.ts";
import type { Login } from "./netrc.ts";
import { isPlainObject } from "./plain-object.ts";

const helperDeadlineSeconds = 15;

/**
 * The user's name and password that `docker login` keeps for a registry, in its configuration file or by a credential
 * helper; undefined without one, or where it keeps a token that only Docker's own login understands.
 *
 * @param registry as images' names have it, such as `mirror.example.com:8443`
 */
export async function dockerLogin(registry: string, file = dockerConfigFile()): Promise<Login | undefined> {
  const config = parsed(await readFile(file, "utf8").catch(() => ""));
  const helper = helperFor(registry, config);
  if (helper === undefined) return loginIn(config, registry);
  // A helper prints what it says of a missing login to its standard output, and fails.
  const options = { input: registry, deadlineSeconds: helperDeadlineSeconds };
  const { stdout, error } = await tryRun(`docker-credential-${helper}`, ["get"], options);
  const { Username: user, Secret: password } = error === undefined ? parsed(stdout) : {};
  return asLogin(user, password);
}

/** A helper that is named for one registry goes before the one for all. */
function helperFor(registry: string, { credHelpers, credsStore }: Record<string, unknown>): string | undefined {
  const own = isPlainObject(credHelpers) ? credHelpers[registry] : undefined;
  return [own, credsStore].find((name): name is string => typeof name === "string" && name !== "");
}

/** The login that a configuration file itself has for a registry. */
export function loginIn(config: Record<string, unknown>, registry: string): Login | undefined {
  const auths = isPlainObject(config.auths) ? config.auths : {};
  // The docker command writes the name alone; other clients, and earlier versions of it, a URL.
  const entry = [registry, `https://${registry}`, `https://${registry}/`, `http://${registry}`]
    .map((key) => auths[key])
    .find(isPlainObject);
  if (entry === undefined || entry.identitytoken) return undefined;
  if (typeof entry.auth !== "string" || entry.auth === "") return asLogin(entry.username, entry.password);
  const [, user, password] = /^([^:]*):([^]*)$/.exec(Buffer.from(entry.auth, "base64").toString()) ?? [];
  return asLogin(user, password);
}

/** Helpers write `<token>` for the user where the secret is a token that only Docker's own login understands. */
function asLogin(user: unknown, password: unknown): Login | undefined {
  if (typeof user !== "string" || typeof password !== "string") return undefined;
  return user === "" || user === "<token>" || password === "" ? undefined : { user, password };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(text);
    return isPlainObject(content) ? content : {};
  } catch {
    return {};
  }
}
