import { expect } from "chai";
import { withoutOtherSettings, withoutWorkSettings } from "../../../host/other-settings.ts";

describe("other tools' settings", () => {
  it("withoutOtherSettings sets aside what would change what kind, Docker, kubectl and Pulumi do", () => {
    const others = {
      BUILDX_BUILDER: "remote",
      DOCKER_CONTENT_TRUST: "1",
      DOCKER_DEFAULT_PLATFORM: "linux/arm64",
      GOFLAGS: "-mod=vendor",
      HELM_DRIVER: "memory",
      KIND_CLUSTER_NAME: "dev",
      KIND_EXPERIMENTAL_DOCKER_NETWORK: "mine",
      KIND_EXPERIMENTAL_PROVIDER: "podman",
      KUBECTL_EXTERNAL_DIFF: "meld",
      PULUMI_DISABLE_PROVIDER_PREVIEW: "true",
      PULUMI_K8S_ENABLE_PATCH_FORCE: "true",
      PULUMI_OPTION_TARGET: "x",
      PULUMI_SKIP_CHECKPOINTS: "true",
      PULUMI_STACK: "production",
    };
    const { env, setAside } = withoutOtherSettings({ ...others, PATH: "/bin" });
    expect(env).to.deep.equal({ PATH: "/bin" });
    expect(setAside).to.deep.equal(Object.keys(others));
  });

  it("withoutOtherSettings keeps what says where the user's engine, state and account are", () => {
    const users = {
      DOCKER_CONTEXT: "desktop-linux",
      DOCKER_HOST: "unix:///run/user/1000/docker.sock",
      HTTPS_PROXY: "http://proxy:3128",
      KUBECONFIG: "/a:/b",
      PULUMI_ACCESS_TOKEN: "pul-1",
      PULUMI_BACKEND_URL: "s3://bucket",
      PULUMI_CI_SYSTEM: "mine",
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/f",
    };
    expect(withoutOtherSettings(users)).to.deep.equal({ env: users, setAside: [] });
  });

  it("withoutOtherSettings takes an empty variable for one that is not set, without a word", () => {
    const empty = { DOCKER_HOST: "", KUBECONFIG: "", NO_PROXY: "", PULUMI_BACKEND_URL: "", http_proxy: "" };
    expect(withoutOtherSettings({ ...empty, HOME: "" })).to.deep.equal({ env: { HOME: "" }, setAside: [] });
  });

  it("withoutWorkSettings takes kind's and Docker's variables from a child process, and none of Pulumi's", () => {
    const env = { DOCKER_HOST: "", KIND_CLUSTER_NAME: "dev", PATH: "/bin", PULUMI_NODEJS_STACK: "dev" };
    expect(withoutWorkSettings(env)).to.deep.equal({ DOCKER_HOST: undefined, KIND_CLUSTER_NAME: undefined });
  });
});
