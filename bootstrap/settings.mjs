/** Options in NODE_OPTIONS that say how to reach the world, or how much memory there is. */
const keptNodeOptions = new RegExp(
  "^--(use-(openssl|system|bundled)-ca|use-env-proxy|openssl-|tls-|dns-result-order|network-family|" +
    "max-(old-space|semi-space|http-header)-size)",
);

/** Variables that change which code Node runs, and how. */
const nodeVariables = ["NODE_ENV", "NODE_PATH", "NODE_PRESERVE_SYMLINKS", "NODE_PENDING_DEPRECATION"];

/**
 * The environment for the scripts, without settings for other programs that run on Node: a script has to run on the
 * pinned Node with nothing else loaded, and all the packages of the lock file.
 *
 * @returns the environment, and the names of the variables that differ
 */
export function ownSettings(env) {
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !nodeVariables.includes(name)));
  const options = (env.NODE_OPTIONS ?? "").split(/\s+/).filter((option) => keptNodeOptions.test(option));
  if (options.length > 0) own.NODE_OPTIONS = options.join(" ");
  else delete own.NODE_OPTIONS;
  // Some set it to say that they are no CI; to others, its mere presence says that they are one.
  if (/^(|0|false|no|off)$/i.test(env.CI ?? "")) delete own.CI;
  const setAside = [...nodeVariables, "NODE_OPTIONS"].filter((name) => env[name] && env[name] !== own[name]);
  return { env: own, setAside };
}

/**
 * What npm is called with, so that it installs all of the lock file's packages, whatever the user's settings say, and
 * tells about it. Only the command line comes before them all.
 */
export const installArguments = [
  "ci",
  "--include=dev",
  "--include=optional",
  "--include=peer",
  "--install-strategy=hoisted",
  "--location=project",
  "--loglevel=notice",
  "--no-dry-run",
  "--no-global",
  "--no-json",
  "--no-package-lock-only",
  "--bin-links",
  "--package-lock",
];

/** npm's variables that say which packages to leave out, or for which machine; it has no options to undo them. */
const misleading = /^npm_config_(omit|only|production|also|cpu|os|libc|workspace|include_workspace_root|prefix|json)$/i;

/** The environment for npm. */
export const installEnvironment = (env) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !misleading.test(name) && name !== "NODE_ENV"));
