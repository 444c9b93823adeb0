import { execFileSync } from "node:child_process";
import { expect } from "chai";
import { shellLines } from "../../../../fleet/setup/shell.ts";

describe("shellLines", () => {
  const environment = { PATH: "/npm/bin", DOCKER_HOST: "unix:///s", PULUMI_HOME: "/it's here" };
  const lines = shellLines("/tools", environment).join("\n");

  it("a shell keeps its own PATH, with the tools before it, however often it evaluates the lines", () => {
    const env = { PATH: "/mine:/usr/bin:/bin" };
    const output = execFileSync("/bin/sh", ["-c", `${lines}\n${lines}\necho "$PATH"; echo "$PULUMI_HOME"`], { env });
    const [path = "", home] = output.toString().split("\n");
    expect(path).to.match(/^\/[^:]*\/\.fleet\/bin:\/tools:\/mine:\/usr\/bin:\/bin$/);
    expect(home).to.equal("/it's here");
  });

  it("a shell gets neither npm's PATH nor an engine's address, which would go on when the context changes", () => {
    expect(lines).not.to.contain("/npm/bin").and.not.to.contain("DOCKER_HOST");
  });
});
