import { namespaceProblem, plainHostProblem, serviceNameProblem, serviceReferenceProblem } from "./check-names.ts";
import { certificateProblem, lineProblem, oneOf, text, urlProblem } from "./check-values.ts";
import { cluster } from "./cluster-schema.ts";
import { type LinkWay, linkWays } from "./link-plan.ts";
import { prove } from "./prove-schema.ts";
import { block, leaf, list } from "./schema-blocks.ts";
import { service, serviceDefaults, serviceExample } from "./service-schema.ts";
import { isStackReference } from "./stack-name.ts";
import { show } from "./wording.ts";

function stackNameProblem(name: string): string | undefined {
  if (isStackReference(name)) return undefined;
  const example = 'one such as "staging", or in full "organization/project/staging"';
  return `${show(name)} is not a stack's name: write ${example}`;
}

const namespace = leaf<string>(text('a namespace such as "test-namespace"', namespaceProblem));

const identity = block(
  {
    name: leaf<string>(text('the name that the service answers with, such as "identity"', lineProblem)),
    cluster: leaf<string>(text('the cluster that the service answers with, such as "staging"', lineProblem)),
  },
  "an identity",
  "{ name: identity, cluster: staging }",
);

const peerExample = "{ alias: cluster2-service1, namespace: test-namespace, stack: staging }";

const peer = block(
  {
    alias: leaf<string>(text('a name such as "cluster2-service1"', serviceNameProblem)),
    namespace,
    stack: leaf<string>(text('a stack\'s name such as "staging"', stackNameProblem)).optional(),
    service: leaf<string>(text('a service such as "shop/web"', serviceReferenceProblem)).optional(),
    // Whether a URL is right depends on `via`, so check-rules.ts checks it.
    url: leaf<string>(text('a URL such as "http://cluster2-control-plane"')).optional(),
    via: leaf<LinkWay>(oneOf(linkWays)).optional(),
    whenAbsent: leaf<"fail" | "omit">(oneOf(["fail", "omit"])).default("fail"),
    host: leaf<string>(text('a host name such as "shop.example.com"', plainHostProblem)).optional(),
    expect: identity.optional(),
    prove: prove.optional(),
    caCertificate: leaf<string>(text("a certificate's PEM text", certificateProblem)).optional(),
  },
  "a peer",
  peerExample,
);

/** The shape of a stack's configuration: what each value must be by itself. check-rules.ts looks at them together. */
export const stackSchema = block(
  {
    cluster,
    defaults: serviceDefaults.optional(),
    services: list(service, `services: [${serviceExample}]`),
    peers: list(peer, `peers: [${peerExample}], or leave it out`).default([]),
    exposedUrl: leaf<string>(text('a URL such as "http://cluster2-control-plane"', urlProblem)).optional(),
  },
  "a stack's configuration",
  "cluster and services",
);
