import { restrictedContainer, restrictedPod } from "../../infra/manifest/pod-security.ts";
import { nodeInImage } from "./call-from-pod.ts";

/** Labels of a pod. */
export type Labels = Readonly<Record<string, string>>;

/** A label selector, as Kubernetes has it. */
export interface LabelSelector {
  matchLabels?: Labels;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** What selects a namespace's pods. */
export interface PodSelectors {
  /** The selectors of Services, which send their pods traffic. */
  services: readonly Labels[];
  /** Those of NetworkPolicies: of the pods that they are for, and of those that they let in. */
  policies: readonly LabelSelector[];
}

/** How a probe stands among the pods of its namespace. */
export interface ProbePlace {
  labels: Labels;
  /**
   * Whether Services select the probe, since a policy tells the service's pods by the same labels. It is then kept from
   * ever being ready, so that they send it nothing.
   */
  selected: boolean;
}

/** Labels that make a pod one of a controller's. */
const controllersLabels = ["pod-template-hash", "controller-revision-hash"];

/** The label of every probe. Its value is the service in whose stead it calls. */
export const probeLabel = "kind-fleet.probe";

/**
 * The labels of a probe that is to be under the same NetworkPolicies as a service's pods, without being one of them.
 *
 * @param labels those of the service's pods
 */
export function probePlace(labels: Labels, { services, policies }: PodSelectors): ProbePlace {
  const mine = without(labels, controllersLabels);
  const sending = services.filter((selector) => Object.keys(selector).length > 0 && isSelected(mine, selector));
  const apart = without(
    mine,
    sending.flatMap((selector) => Object.keys(selector)),
  );
  const same = policies.every((policy) => matches(labels, policy) === matches(apart, policy));
  return same ? { labels: apart, selected: false } : { labels: mine, selected: sending.length > 0 };
}

const without = (labels: Labels, keys: readonly string[]): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => !keys.includes(key)));

const isSelected = (labels: Labels, selector: Labels): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

/** Whether a selector selects a pod with these labels. */
function matches(labels: Labels, { matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  const fits = ({ key, operator, values = [] }: NonNullable<LabelSelector["matchExpressions"]>[number]): boolean => {
    const value = labels[key];
    switch (operator) {
      case "In":
        return value !== undefined && values.includes(value);
      case "NotIn":
        return value === undefined || !values.includes(value);
      case "Exists":
        return value !== undefined;
      default:
        return value === undefined;
    }
  };
  return isSelected(labels, matchLabels) && matchExpressions.every(fits);
}

/** Kubernetes ends and removes a probe by itself after this long, whatever has become of the command that started it. */
export const probeLifetimeSeconds = 600;

/** What a probe is made from. */
export interface ProbeJob {
  name: string;
  namespace: string;
  /** The service in whose stead it calls. */
  service: string;
  /** An image with Node. */
  image: string;
  place: ProbePlace;
}

/** The Job of a probe: a pod that waits for calls to make, and has no rights. */
export const probeJob = ({ name, namespace, service, image, place }: ProbeJob) => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name, namespace, labels: { [probeLabel]: service } },
  spec: {
    backoffLimit: 0,
    activeDeadlineSeconds: probeLifetimeSeconds,
    ttlSecondsAfterFinished: 0,
    template: {
      metadata: { labels: { ...place.labels, [probeLabel]: service } },
      spec: {
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: 0,
        securityContext: restrictedPod,
        // Nothing ever sets this condition.
        readinessGates: place.selected ? [{ conditionType: "kind-fleet.probe/ready" }] : undefined,
        containers: [
          {
            name: "probe",
            image,
            imagePullPolicy: "IfNotPresent",
            command: [nodeInImage, "--eval", "setInterval(() => undefined, 60_000)"],
            resources: {
              requests: { cpu: "5m", memory: "48Mi", "ephemeral-storage": "1Mi" },
              limits: { cpu: "500m", memory: "192Mi", "ephemeral-storage": "16Mi" },
            },
            securityContext: restrictedContainer,
          },
        ],
      },
    },
  },
});

/** A pod's status, as far as it is read here. */
export interface PodStatus {
  phase?: string;
  conditions?: { type: string; status: string; reason?: string; message?: string }[];
  containerStatuses?: { state?: { running?: object; waiting?: { reason?: string; message?: string } } }[];
}

/** Reasons why a container waits that don't go away within seconds. */
const stuck = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "CreateContainerConfigError",
  "CreateContainerError",
]);

/** Whether a probe's pod runs; if not, why, in Kubernetes' words, and whether waiting longer may help. */
export function probeState({
  phase,
  conditions,
  containerStatuses,
}: PodStatus): "running" | { why: string; wait: boolean } {
  const state = containerStatuses?.[0]?.state;
  if (phase === "Running" && state?.running !== undefined) return "running";
  const { reason, message } = state?.waiting ?? {};
  if (reason !== undefined && stuck.has(reason))
    return { why: [reason, message].filter(Boolean).join(": "), wait: false };
  const unscheduled = conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False");
  if (unscheduled !== undefined) return { why: unscheduled.message ?? "it is not scheduled", wait: true };
  return { why: reason ?? `it is ${phase ?? "not there"}`, wait: phase !== "Failed" };
}
