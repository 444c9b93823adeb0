import { identityOf, type ServiceConfig } from "../config/service-config.ts";

/** What decides whether an image can run on a node. */
export interface ImageFacts {
  /** As its Dockerfile says: a number or a name, `user:group`, or empty for root. */
  user: string;
  /** Such as `linux/amd64`. */
  platform: string;
}

/**
 * Why a service's image can't run, and what to do; undefined when it can.
 *
 * @param nodePlatforms undefined: not known
 */
export function imageProblem(
  image: string,
  { user, platform }: ImageFacts,
  service: ServiceConfig,
  nodePlatforms: readonly string[] | undefined,
): string | undefined {
  // The engine tells one platform of an image that may have several; the user names it by the digest of all.
  const isForAll = service.image?.includes("@") === true && nodePlatforms !== undefined && nodePlatforms.length > 1;
  const others = isForAll ? [] : (nodePlatforms?.filter((node) => node !== platform) ?? []);
  if (others.length > 0) return platformProblem(image, platform, service, nodePlatforms ?? []);
  const isChecked =
    service.security !== "baseline" && service.runAsUser === undefined && identityOf(service) === undefined;
  return isChecked ? userProblem(image, user) : undefined;
}

/** An image of one platform can't run on nodes of several, and the scheduler does not look at it. */
function platformProblem(
  image: string,
  platform: string,
  { build }: ServiceConfig,
  nodes: readonly string[],
): string | undefined {
  const are = nodes.join(" and ");
  const [first = ""] = nodes;
  const single = build === undefined ? `write an image for ${first}` : `write "platform: ${first}" into build`;
  const remedy =
    nodes.length === 1 ? single : "push one for all of them yourself, and write it as image, by its digest";
  return `the image ${image} is for ${platform}, and the cluster's nodes are ${are}: ${remedy}`;
}

/** The *restricted* standard wants a number, so that the node can see that it isn't root's. */
function userProblem(image: string, user: string): string | undefined {
  const [name = ""] = user.split(":");
  const remedy =
    'write "runAsUser: 65532" (or "USER 65532" into its Dockerfile), or "security: baseline" if it needs root';
  if (name === "" || name === "root" || /^0+$/.test(name)) {
    return `the image ${image} runs as root, which security "restricted" refuses: ${remedy}`;
  }
  if (/^\d+$/.test(name)) return undefined;
  const why = "a node can't tell that it isn't root";
  return `the image ${image} runs as the user "${name}", whose number it does not tell, so ${why}: write it as "runAsUser: …"`;
}
