import { relative } from "node:path";
import type { Provider } from "@pulumi/pulumi/provider/index.js";
import { versions } from "../../versions.ts";
import { buildAndPush } from "./build-and-push.ts";
import { checkInputs, type RawInputs, readInputs } from "./image-inputs.ts";
import { typeOf } from "./pulumi-values.ts";

const imageType = "docker:index/image:Image";

const refusal = (what: string): string =>
  `This is the stand-in for Pulumi's docker plugin ${versions.pulumiDocker}, which can't be downloaded here. ` +
  `It serves ${imageType} only, not ${what}.`;

/**
 * A provider of docker:index/image:Image alone, which builds with the docker command. It needs no diff: Pulumi's
 * engine compares the checked inputs, which have a hash of the context.
 */
export function imageProvider(): Provider {
  const stopping = new AbortController();
  return {
    version: versions.pulumiDocker,
    schema: JSON.stringify({ name: "docker", version: versions.pulumiDocker }),
    check(urn, _olds, news: RawInputs) {
      if (typeOf(urn) === imageType) return Promise.resolve(checkInputs(news));
      return Promise.resolve({ inputs: news, failures: [{ property: "", reason: refusal(typeOf(urn)) }] });
    },
    async create(_urn, news: RawInputs) {
      const outs = await outputs(news, stopping.signal);
      return { id: readInputs(news).imageName, outs };
    },
    async update(_id, _urn, _olds, news: RawInputs) {
      return { outs: await outputs(news, stopping.signal) };
    },
    read(id, _urn, props: unknown) {
      return Promise.resolve({ id, props });
    },
    invoke(token) {
      return Promise.reject(new Error(refusal(token)));
    },
    cancel() {
      stopping.abort();
      return Promise.resolve();
    },
  };
}

/** Builds, and returns the same outputs as the official plugin, so that each can go on with the other's stacks. */
async function outputs(raw: RawInputs, signal: AbortSignal): Promise<RawInputs> {
  const inputs = readInputs(raw);
  const { context, dockerfile, platform } = inputs.build;
  const repoDigest = await buildAndPush(inputs, signal);
  return {
    baseImageName: inputs.imageName,
    imageName: raw.imageName,
    context,
    dockerfile: relative(context, dockerfile),
    platform,
    registryServer: inputs.registry?.server ?? "",
    repoDigest,
  };
}
