import { expect } from "chai";
import { flagsFromNpm } from "../../../../fleet/setup/npm-flags.ts";

const flag = (name: string, more: object = {}) => ({ name, takesValue: false, negated: false, ...more });

describe("flagsFromNpm", () => {
  const links = [flag("json"), flag("check")];
  const down = [flag("force")];
  const up = [flag("replace"), flag("heal", { negated: true })];

  it("an option that changes nothing is followed, also where npm took it for itself", () => {
    expect(flagsFromNpm(["links"], links, { npm_config_check: "true" }, "")).to.deep.include({ accepted: ["--check"] });
    expect(flagsFromNpm(["links"], links, { npm_config_json: "true" }, "")).to.deep.equal({
      accepted: ["--json"],
      problem: undefined,
    });
  });

  it("an option that destroys is refused, with the form to write", () => {
    const { problem } = flagsFromNpm(["down", "staging"], down, { npm_config_force: "true" }, "");
    expect(problem).to.equal("npm took --force for itself. Write: npm run down -- staging --force");
  });

  it("options that npm expands or negates are told, too", () => {
    const replace = flagsFromNpm(["up"], up, { npm_config_replace_registry_host: "true" }, "");
    expect(replace.problem).to.contain("npm run up -- --replace");
    expect(flagsFromNpm(["up"], up, { npm_config_heal: "" }, "").problem).to.contain("npm run up -- --no-heal");
    expect(flagsFromNpm(["up"], up, { npm_config_replace_registry_host: "npmjs" }, "").problem).to.equal(undefined);
  });

  it("an option with a value is told with its value, if npm has it", () => {
    const call = [flag("from", { takesValue: true })];
    const taken = (value: string) => flagsFromNpm(["call", "a", "b"], call, { npm_config_from: value }, "").problem;
    expect(taken("x/y")).to.contain("npm run call -- a b --from 'x/y'");
    expect(taken("true")).to.contain("--from VALUE");
  });

  it("an unknown option is an error, with a guess", () => {
    expect(flagsFromNpm(["links"], links, { npm_config_jsn: "true" }, "").problem).to.contain("did you mean --json?");
    expect(flagsFromNpm(["up"], up, { npm_config_dry_run: "true" }, "").problem).to.contain("unknown option --dry-run");
    expect(flagsFromNpm(["up"], up, { npm_config_stack: "staging" }, "").problem).to.contain("unknown option --stack");
  });

  it("npm's own options and settings, and those of other tools, are not the command's", () => {
    const env = {
      npm_config_audit: "",
      npm_config_yes: "true",
      npm_config_foreground_scripts: "true",
      npm_config_registry: "https://registry.npmjs.org/",
      npm_config_sass_binary_site: "https://example.com",
      npm_config_user_agent: "npm/11",
      PATH: "/bin",
    };
    expect(flagsFromNpm(["down"], down, env, "")).to.deep.equal({ accepted: [], problem: undefined });
    const settings = "; mine\nforce = true\nmy-tool=true\n";
    expect(
      flagsFromNpm(["down"], down, { npm_config_force: "true", npm_config_my_tool: "true" }, settings),
    ).to.deep.equal({ accepted: [], problem: undefined });
  });

  it("JSON and a check together are refused, since npm would print JSON of its own after a check that fails", () => {
    const env = { npm_config_json: "true", npm_config_check: "true" };
    expect(flagsFromNpm(["links"], links, env, "").problem).to.contain("Write: npm run links -- --json --check");
  });
});
