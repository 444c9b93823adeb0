import { expect } from "chai";
// @ts-expect-error: plain JavaScript, which any Node can run
import * as settings from "../../../bootstrap/settings.mjs";

type Environment = Record<string, string>;

const { installArguments, installEnvironment, ownSettings } = settings as {
  installArguments: string[];
  installEnvironment: (env: Environment) => Environment;
  ownSettings: (env: Environment) => { env: Environment; setAside: string[] };
};

describe("settings of npm and Node", () => {
  it("ownSettings sets aside what changes which code runs, and keeps what says how to reach the world", () => {
    const { env, setAside } = ownSettings({
      NODE_ENV: "production",
      NODE_EXTRA_CA_CERTS: "/ca.pem",
      NODE_OPTIONS: "--require /x.js  --use-system-ca --max-old-space-size=4096 --inspect",
      NODE_PATH: "/lib",
    });
    expect(env).to.deep.equal({
      NODE_EXTRA_CA_CERTS: "/ca.pem",
      NODE_OPTIONS: "--use-system-ca --max-old-space-size=4096",
    });
    expect(setAside).to.deep.equal(["NODE_ENV", "NODE_PATH", "NODE_OPTIONS"]);
  });

  it("ownSettings drops NODE_OPTIONS when nothing of it stays, and says nothing where there is nothing", () => {
    expect(ownSettings({ NODE_OPTIONS: "--inspect" }).env).to.deep.equal({});
    expect(ownSettings({ PATH: "/bin" })).to.deep.equal({ env: { PATH: "/bin" }, setAside: [] });
  });

  it("CI=false and the like count as no CI, and any other value as one", () => {
    for (const value of ["false", "False", "0", "", "no"]) {
      expect(ownSettings({ CI: value }).env, value).to.deep.equal({});
    }
    for (const value of ["true", "1", "github"]) expect(ownSettings({ CI: value }).env).to.deep.equal({ CI: value });
  });

  it("npm installs what tests and the pinned Node need, whatever is to be left out elsewhere", () => {
    expect(installArguments).to.include.members(["ci", "--include=dev", "--include=optional", "--loglevel=notice"]);
    const env = {
      NODE_ENV: "production",
      npm_config_omit: "dev",
      NPM_CONFIG_OS: "win32",
      npm_config_registry: "https://r",
    };
    expect(installEnvironment(env)).to.deep.equal({ npm_config_registry: "https://r" });
  });
});
