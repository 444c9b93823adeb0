/** Variables of a tool that say which engine or account the user means, as opposed to what is done there. */
interface Meant {
  /** What all of the tool's variables begin with. */
  prefix: RegExp;
  /** Those that are the user's to set. All others, known or not, are set aside. */
  kept: ReadonlySet<string>;
}

/** Tools that everything here is done with, whoever runs it. */
const workTools: Meant[] = [
  { prefix: /^KIND_/, kept: new Set() },
  {
    prefix: /^(DOCKER|BUILDX|BUILDKIT|EXPERIMENTAL_BUILDKIT)_/,
    kept: new Set([
      "DOCKER_API_VERSION",
      "DOCKER_AUTH_CONFIG",
      "DOCKER_CERT_PATH",
      "DOCKER_CONFIG",
      "DOCKER_CONTEXT",
      "DOCKER_CUSTOM_HEADERS",
      "DOCKER_HOST",
      "DOCKER_TLS",
      "DOCKER_TLS_VERIFY",
    ]),
  },
  // Defaults for kubectl's flags (kuberc), its own diff program, and what it sends and prints.
  { prefix: /^KUBECTL_/, kept: new Set() },
];

/** Tools whose variables only our own commands set aside: who runs plain `pulumi` may mean them. */
const commandTools: Meant[] = [
  ...workTools,
  {
    prefix: /^PULUMI_/,
    kept: new Set([
      "PULUMI_ACCESS_TOKEN",
      "PULUMI_API",
      "PULUMI_BACKEND_URL",
      "PULUMI_CLOUD_SECRET_OVERRIDE",
      "PULUMI_CONFIG_PASSPHRASE",
      "PULUMI_CONFIG_PASSPHRASE_FILE",
      "PULUMI_CONSOLE_DOMAIN",
      "PULUMI_CREDENTIALS_PATH",
      "PULUMI_CREDENTIAL_STORE",
      "PULUMI_DEFAULT_ORGANIZATION",
      "PULUMI_HOME", // replaced, whatever it is
      "PULUMI_SKIP_UPDATE_CHECK",
    ]),
  },
  { prefix: /^HELM_/, kept: new Set() },
  // Where Go builds the tools.
  { prefix: /^(GOOS|GOARCH|GOFLAGS|GOWORK|GO111MODULE|GOEXPERIMENT|CGO_\w+)$/, kept: new Set() },
];

/** Variables that Pulumi's CI detection reads, and that change no more than a label. */
const labels = /^PULUMI_(CI_|GIT_|VCS_|PR_NUMBER$|COMMIT_MESSAGE$|DIY_BACKEND_)/;

/** Variables that mean nothing when they are empty, though some tools take an empty value for one. */
const emptyIsUnset =
  /^(DOCKER_\w+|PULUMI_(?!CONFIG_PASSPHRASE$)\w+|KUBECONFIG|XDG_CACHE_HOME|TMPDIR|\w+_PROXY|\w+_proxy)$/;

/** The names of the variables that change what tools do here, although they were set for something else. */
function foreign(env: NodeJS.ProcessEnv, tools: readonly Meant[]): string[] {
  return Object.keys(env).filter(
    (name) =>
      (env[name] === "" && emptyIsUnset.test(name)) ||
      (!labels.test(name) && tools.some(({ prefix, kept }) => prefix.test(name) && !kept.has(name))),
  );
}

/** An environment without other tools' settings, and the names of those that were set aside. */
export interface CleanEnvironment {
  env: NodeJS.ProcessEnv;
  /** In alphabetical order; without those that were empty. */
  setAside: string[];
}

/**
 * Sets aside the variables that were set for other tools' sake, or for other uses of kind, Docker, kubectl and Pulumi,
 * and would change what our commands do. What says where the user's engine, state and account are stays.
 */
export function withoutOtherSettings(env: NodeJS.ProcessEnv): CleanEnvironment {
  const names = new Set(foreign(env, commandTools));
  const rest = Object.fromEntries(Object.entries(env).filter(([name]) => !names.has(name)));
  return { env: rest, setAside: [...names].filter((name) => env[name] !== "").sort() };
}

/**
 * For a child process: takes away what would change how kind, docker and kubectl work, also in the processes that plain
 * `pulumi` starts.
 */
export const withoutWorkSettings = (env: NodeJS.ProcessEnv = process.env): Record<string, undefined> =>
  Object.fromEntries(foreign(env, workTools).map((name) => [name, undefined]));
