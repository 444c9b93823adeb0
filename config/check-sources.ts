import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { Problem } from "./config-error.ts";
import type { ServiceConfig } from "./service-config.ts";
import { show } from "./wording.ts";

/** The most that the files of one service may hold, in bytes: a ConfigMap takes no more. */
const longestFiles = 2 ** 20;

/** What is missing of the folders and files that services name. @param folder the stack file's folder */
export const sourceProblems = (services: readonly ServiceConfig[], folder: string): Problem[] =>
  services.flatMap((service, index) => {
    const at = (problem: Problem) => ({ ...problem, at: ["services", index, ...problem.at] });
    return [...buildProblems(service, folder), ...fileProblems(service, folder)].map(at);
  });

function buildProblems({ build }: ServiceConfig, folder: string): Problem[] {
  if (build === undefined) return [];
  const context = resolve(folder, build.context);
  if (kindOf(context) !== "folder") {
    const message = `there is no folder ${show(build.context)} (${context}): write one with a Dockerfile`;
    return [{ at: ["build"], message }];
  }
  const { dockerfile = "Dockerfile" } = build;
  if (kindOf(resolve(context, dockerfile)) === "file") return [];
  const remedy =
    build.dockerfile === undefined ? "write one, or name another with dockerfile" : "write one that is there";
  return [{ at: ["build"], message: `there is no ${show(dockerfile)} in ${context}: ${remedy}` }];
}

function fileProblems({ files = {} }: ServiceConfig, folder: string): Problem[] {
  const problems = Object.entries(files).flatMap(([path, source]): Problem[] => {
    const found = resolve(folder, source);
    if (kindOf(found) === "file") return [];
    const what = kindOf(found) === "folder" ? "is a folder" : "is not there";
    return [{ at: ["files", path], message: `${show(source)} (${found}) ${what}: write the path of a file` }];
  });
  if (problems.length > 0) return problems;
  const bytes = Object.values(files).reduce((sum, source) => sum + statSync(resolve(folder, source)).size, 0);
  if (bytes <= longestFiles) return [];
  const remedy = "leave the large ones to the image, or to a volume";
  return [{ at: ["files"], message: `${bytes} bytes in all, and a ConfigMap takes ${longestFiles}: ${remedy}` }];
}

function kindOf(path: string): "file" | "folder" | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() === true) return "file";
  return found?.isDirectory() === true ? "folder" : undefined;
}
