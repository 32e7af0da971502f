// The pods that rendered objects make.

const TEMPLATES = {
  Deployment: (object) => object.spec.template,
  StatefulSet: (object) => object.spec.template,
  Job: (object) => object.spec.template,
  Pod: (object) => object,
};

/** Every object that makes pods: its name for messages, the pod's labels, annotations and spec. */
export function workloads(objects) {
  return objects.filter((object) => object.kind in TEMPLATES).map((object) => {
    const pod = TEMPLATES[object.kind](object);
    return {
      name: `${object.kind} ${object.metadata.name}`,
      object,
      namespace: object.metadata.namespace,
      labels: pod.metadata?.labels ?? object.metadata.labels,
      annotations: pod.metadata?.annotations ?? {},
      spec: pod.spec,
    };
  });
}

/** Those that stay, unlike jobs and tests. */
export const staying = (objects) => workloads(objects).filter(({ object }) => ["Deployment", "StatefulSet"].includes(object.kind));

export const containers = ({ spec }) => [...(spec.initContainers ?? []), ...spec.containers];

export const matches = (labels, selector) => Object.entries(selector ?? {}).every(([key, value]) => labels?.[key] === value);
