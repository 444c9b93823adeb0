import { isDeepStrictEqual } from "node:util";
import type { PatchOperation } from "../../host/kubernetes-api.ts";
import { allAtOnce } from "../../infra/manifest/pod-defaults.ts";

/** The part of a Deployment that dev mode reads and changes. */
export interface Deployment {
  metadata: {
    name: string;
    namespace: string;
    annotations?: Record<string, string>;
    managedFields?: ManagedFields[];
  };
  spec: { replicas?: number; strategy?: unknown; template: PodTemplate };
}

interface PodTemplate {
  spec: { containers: Container[]; volumes?: { name: string }[]; [key: string]: unknown };
  [key: string]: unknown;
}

interface Container {
  name: string;
  image: string;
  volumeMounts?: object[];
  command?: string[];
  resources?: { limits?: Record<string, string>; [key: string]: unknown };
  [key: string]: unknown;
}

/** Which fields a manager of an object has set, as server-side apply keeps it. */
interface ManagedFields {
  manager: string;
  operation: string;
  subresource?: string;
  [key: string]: unknown;
}

/** How a Node service's code is swapped inside its container. */
export interface NodeProcess {
  /** Node, in the image. */
  node: string;
  /** The file in the image that Node runs. */
  entry: string;
}

/** What a Deployment in dev mode was like before: enough to make it so again. */
interface Before {
  strategy: unknown;
  template: PodTemplate;
  managedFields: ManagedFields[];
}

/** Marks a Deployment in dev mode, and holds what it was like before. */
export const devAnnotation = "kind-fleet.dev/before";

/** The name under which `npm run dev` changes objects. */
export const devManager = "fleet-dev";

/** Where new code is written to, in the container. */
const codeFolder = "/dev-code";
const codeVolume = "dev-code";

/** Enough for a supervisor, the code that serves and the code that comes next. */
const devMemory = "512Mi";

/** True for a Deployment that `npm run dev` changed, and that it, or the next `npm run up`, has to change back. */
export const isInDevMode = ({ metadata }: Deployment): boolean => metadata.annotations?.[devAnnotation] !== undefined;

/** True for a pod whose container waits for code on its standard input. */
export const hasSupervisor = ({ spec }: { spec: { containers: { command?: string[] }[] } }): boolean =>
  spec.containers.some(({ command }) => command?.includes(codeFolder) === true);

/** What the pods of a Deployment in dev mode are like. */
export interface DevShape {
  /** How the code is swapped inside them. @default each change is a roll-out of an image */
  swap?: NodeProcess;
  /** The text of in-pod/supervisor.cjs, which swaps it. */
  supervisor: string;
  /** @default the image from before dev mode */
  image?: string;
}

/**
 * The changes that bring a Deployment into dev mode, or to another shape in it. They change nothing where it has the
 * shape already.
 */
export function enterDevMode(deployment: Deployment, { swap, supervisor, image }: DevShape): PatchOperation[] {
  const before = isInDevMode(deployment) ? beforeOf(deployment) : currentState(deployment);
  const annotations = { ...deployment.metadata.annotations, [devAnnotation]: JSON.stringify(before) };
  const template = image === undefined ? before.template : withImage(before.template, image);
  return [
    { op: "add", path: "/metadata/annotations", value: annotations },
    { op: "add", path: "/spec/strategy", value: allAtOnce },
    replaceTemplate(swap === undefined ? template : supervised(template, swap, supervisor)),
  ];
}

function currentState({ metadata, spec }: Deployment): Before {
  const managedFields = (metadata.managedFields ?? []).filter(({ subresource }) => subresource === undefined);
  return { strategy: spec.strategy, template: spec.template, managedFields };
}

/**
 * The changes that bring a Deployment back to what it was before dev mode.
 *
 * @param image its image from now on. @default the one that it had
 * @throws Error when it is not in dev mode
 */
export function leaveDevMode(deployment: Deployment, image?: string): PatchOperation[] {
  const { strategy, template } = beforeOf(deployment);
  return [
    { op: "remove", path: `/metadata/annotations/${devAnnotation.replaceAll("/", "~1")}` },
    { op: "add", path: "/spec/strategy", value: strategy },
    replaceTemplate(image === undefined ? template : withImage(template, image)),
  ];
}

/**
 * The change that gives the fields which dev mode took back to their managers. Without it, their next server-side apply
 * would be refused as a conflict. It must come after {@link leaveDevMode}: who changes a field also takes it.
 *
 * @param deployment as it is after that
 * @param inDevMode as it was before that
 */
export function returnFields(deployment: Deployment, inDevMode: Deployment): PatchOperation[] {
  const { managedFields: before } = beforeOf(inDevMode);
  const others = (deployment.metadata.managedFields ?? []).filter(
    (entry) => entry.manager !== devManager && !before.some((old) => isSameManager(old, entry)),
  );
  return [{ op: "replace", path: "/metadata/managedFields", value: [...before, ...others] }];
}

function beforeOf({ metadata }: Deployment): Before {
  const text = metadata.annotations?.[devAnnotation];
  if (text === undefined) throw new Error(`Deployment ${metadata.namespace}/${metadata.name} is not in dev mode`);
  return JSON.parse(text) as Before;
}

const isSameManager = (one: ManagedFields, other: ManagedFields): boolean =>
  isDeepStrictEqual([one.manager, one.operation, one.subresource], [other.manager, other.operation, other.subresource]);

const replaceTemplate = (value: PodTemplate): PatchOperation => ({ op: "replace", path: "/spec/template", value });

const withImage = (template: PodTemplate, image: string): PodTemplate =>
  withContainer(template, (container) => ({ ...container, image }));

function supervised(template: PodTemplate, { node, entry }: NodeProcess, supervisor: string): PodTemplate {
  const { spec } = template;
  const volumes = [...(spec.volumes ?? []), { name: codeVolume, emptyDir: { sizeLimit: "32Mi" } }];
  const changed = withContainer(template, (container) => ({
    ...container,
    command: [node, "--eval", supervisor, "--", entry, codeFolder],
    args: undefined,
    stdin: true,
    volumeMounts: [...(container.volumeMounts ?? []), { name: codeVolume, mountPath: codeFolder }],
    resources: { ...container.resources, limits: { ...container.resources?.limits, memory: devMemory } },
  }));
  return { ...changed, spec: { ...changed.spec, volumes } };
}

/** The template with its first container, which is the service's, changed. */
function withContainer(template: PodTemplate, change: (container: Container) => Container): PodTemplate {
  const [first, ...others] = template.spec.containers;
  const containers = first === undefined ? [] : [change(first), ...others];
  return { ...template, spec: { ...template.spec, containers } };
}
