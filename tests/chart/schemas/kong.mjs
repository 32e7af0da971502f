// Schemas of Kong's kinds and of the plugins that the chart uses, written from Kong's documentation of the Ingress Controller's kinds and of each plugin's
// configuration (3.9). Only what the chart may use is in them; whatever else is rejected.

const name = { type: "string", pattern: "^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$" };
const text = { type: "string", minLength: 1 };
const closed = (properties, required = Object.keys(properties)) => ({ type: "object", additionalProperties: false, properties, required });

const metadata = {
  type: "object",
  required: ["name", "namespace", "labels", "annotations"],
  properties: {
    name,
    namespace: name,
    // Without the class no controller takes the object.
    annotations: { type: "object", required: ["kubernetes.io/ingress.class"], additionalProperties: { type: "string" } },
  },
};

const secretKey = closed({ secretKeyRef: closed({ name, key: text }) });

const PLUGINS = {
  "key-auth": closed({
    key_names: { type: "array", items: text, minItems: 1 },
    key_in_header: { type: "boolean" },
    key_in_query: { type: "boolean" },
    key_in_body: { type: "boolean" },
    hide_credentials: { const: true },
  }),
  acl: closed({ allow: { type: "array", items: { enum: ["device", "gateway", "operator"] }, minItems: 1 }, hide_groups_header: { const: false } }),
  "correlation-id": closed({ header_name: text, generator: { enum: ["uuid", "uuid#counter", "tracker"] }, echo_downstream: { type: "boolean" } }),
  "request-size-limiting": closed({ allowed_payload_size: { type: "integer", minimum: 1 }, size_unit: { enum: ["megabytes", "kilobytes", "bytes"] } }),
  prometheus: closed({
    status_code_metrics: { type: "boolean" },
    latency_metrics: { type: "boolean" },
    bandwidth_metrics: { type: "boolean" },
    upstream_health_metrics: { type: "boolean" },
    per_consumer: { const: false },
  }),
  "rate-limiting": {
    ...closed(
      {
        second: { type: "number", exclusiveMinimum: 0 },
        limit_by: { enum: ["consumer", "credential", "ip", "service", "header", "path", "consumer-group"] },
        policy: { enum: ["local", "redis"] },
        fault_tolerant: { type: "boolean" },
        redis: closed(
          { host: text, port: { type: "integer", minimum: 0, maximum: 65535 }, ssl: { type: "boolean" }, ssl_verify: { type: "boolean" }, server_name: text },
          ["host", "port"],
        ),
      },
      ["second", "limit_by", "policy"],
    ),
    if: { properties: { policy: { const: "redis" } } },
    then: { required: ["redis"] },
    else: { properties: { redis: false } },
  },
};

export const KongConsumer = closed({
  apiVersion: { const: "configuration.konghq.com/v1" },
  kind: { const: "KongConsumer" },
  metadata,
  username: text,
  credentials: { type: "array", items: name, minItems: 1, uniqueItems: true },
});

export const KongPlugin = {
  ...closed(
    {
      apiVersion: { const: "configuration.konghq.com/v1" },
      kind: { const: "KongPlugin" },
      metadata,
      plugin: { enum: Object.keys(PLUGINS) },
      config: { type: "object" },
      configPatches: { type: "array", items: closed({ path: { type: "string", pattern: "^/" }, valueFrom: secretKey }) },
    },
    ["apiVersion", "kind", "metadata", "plugin", "config"],
  ),
  allOf: Object.entries(PLUGINS).map(([plugin, config]) => ({ if: { properties: { plugin: { const: plugin } } }, then: { properties: { config } } })),
};
