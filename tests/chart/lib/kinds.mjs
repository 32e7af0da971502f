// Where the schema of a kind is: by the group of its apiVersion, which npm package.

const PACKAGES = {
  "kafka.strimzi.io": "@kubernetes-models/strimzi-kafka-operator",
  "keda.sh": "@kubernetes-models/keda",
  "monitoring.coreos.com": "@kubernetes-models/prometheus-operator",
};

const KUBERNETES = new Set(["v1", "apps/v1", "autoscaling/v2", "batch/v1", "networking.k8s.io/v1", "policy/v1", "rbac.authorization.k8s.io/v1", "scheduling.k8s.io/v1"]);

/** The module that has the kind's class, or undefined for Kong's, whose schemas are ours. */
export function moduleOf({ apiVersion }) {
  const group = apiVersion.split("/")[0];
  if (group in PACKAGES) return `${PACKAGES[group]}/${apiVersion}`;
  if (KUBERNETES.has(apiVersion)) return `kubernetes-models/${apiVersion}`;
  if (group === "configuration.konghq.com") return undefined;
  throw new Error(`no schema is known for ${apiVersion}`);
}

/** What Kubernetes had once and has no more, or is about to have no more: apiVersions by kind; * for every kind of the group. */
export const REMOVED = {
  "apps/v1beta1": "*",
  "apps/v1beta2": "*",
  "extensions/v1beta1": "*",
  "autoscaling/v2beta1": "*",
  "autoscaling/v2beta2": "*",
  "batch/v1beta1": "*",
  "networking.k8s.io/v1beta1": "*",
  "policy/v1beta1": "*",
  "rbac.authorization.k8s.io/v1beta1": "*",
  "scheduling.k8s.io/v1beta1": "*",
  "scheduling.k8s.io/v1alpha1": "*",
  "apiextensions.k8s.io/v1beta1": "*",
  "admissionregistration.k8s.io/v1beta1": ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
  "discovery.k8s.io/v1beta1": "*",
  "events.k8s.io/v1beta1": "*",
  "storage.k8s.io/v1beta1": ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "CSIStorageCapacity"],
  "coordination.k8s.io/v1beta1": ["Lease"],
  "flowcontrol.apiserver.k8s.io/v1beta1": "*",
  "flowcontrol.apiserver.k8s.io/v1beta2": "*",
  "flowcontrol.apiserver.k8s.io/v1beta3": "*",
  v1: ["ComponentStatus", "Endpoints"],
  // Strimzi 1.0 knows v1 only.
  "kafka.strimzi.io/v1beta2": "*",
  "kafka.strimzi.io/v1beta1": "*",
  "kafka.strimzi.io/v1alpha1": "*",
  "core.strimzi.io/v1beta2": "*",
};

export function isRemoved({ apiVersion, kind }) {
  const kinds = REMOVED[apiVersion];
  return kinds === "*" || (kinds?.includes(kind) ?? false);
}
