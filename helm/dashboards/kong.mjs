import { choice, dashboard, graph, query, row, stat, table } from "./panels.mjs";

const KONG = 'namespace=~"$kong"';
const ROUTES = `${KONG},service=~".+[.]$release-(api|reporting)[.].+"`;
const rate = (metric, labels = ROUTES) => `rate(${metric}{${labels}}[$__rate_interval])`;
const requests = (more = "") => rate("kong_http_requests_total", ROUTES + more);
const quantile = (q, metric) => `histogram_quantile(${q}, sum by (le) (${rate(`${metric}_bucket`)}))`;

export const kong = dashboard({
  name: "kong",
  title: "Kong",
  description: "The edge: what goes through Kong to the Api and Reporting, what it turns away, and how Kong itself fares.",
  variables: [choice("kong", "Kong's namespace", "label_values(kong_nginx_connections_total, namespace)")],
  rows: [
    row(
      "Now",
      stat("Requests", "To the Api and Reporting together.", `sum(${requests()})`, { unit: "reqps" }),
      stat("Failing", "Share answered with 5xx. Alert above 1 %.", `(sum(${requests(',code=~"5.."')}) or vector(0)) / sum(${requests()})`, { unit: "percentunit", thresholds: [[0.001, "yellow"], [0.01, "red"]], noValue: "0" }),
      stat("Turned away", "401, 403, 413 and 429 together.", `sum(${requests(',code=~"401|403|413|429"')}) or vector(0)`, { unit: "reqps", thresholds: [[1, "yellow"], [10, "red"]] }),
      stat("Kong's own time, p99", "Keys, groups, rates, routing. Alert above 100 ms.", quantile(0.99, "kong_kong_latency_ms"), { unit: "ms", thresholds: [[50, "yellow"], [100, "red"]] }),
      stat("Proxies", "Those that answer Prometheus.", `count(kong_node_info{${KONG}})`, { unit: "short" }),
      stat("Connections", "Those that are open now.", `sum(kong_nginx_connections_total{${KONG},state="active"})`, { unit: "short" }),
    ),
    row(
      "Requests",
      graph("By service", "Kong calls a service namespace.name.port.", [query(`sum by (service) (${requests()})`, "{{service}}")], { unit: "reqps", stack: true }),
      graph("By answer", "429: above the consumer's rate. 401: no key, or a wrong one. 403: the wrong group. 413: too large.", [query(`sum by (code) (${requests()})`, "{{code}}")], { unit: "reqps", stack: true }),
      graph("5xx by who answered", "service: it answered so itself, such as 503 when Kafka does not acknowledge. Otherwise Kong reached no service, or a plugin failed.", [query(`sum by (service, source) (${requests(',code=~"5.."')})`, "{{service}} {{source}}")], { unit: "reqps" }),
      graph("Bytes", "ingress: from callers; egress: to them.", [query(`sum by (direction) (${rate("kong_bandwidth_bytes")})`, "{{direction}}")], { unit: "Bps" }),
    ),
    row(
      "Times",
      graph("Answer times, p99", "The whole, the service's part, and Kong's own.", [
        query(quantile(0.99, "kong_request_latency_ms"), "whole"),
        query(quantile(0.99, "kong_upstream_latency_ms"), "service"),
        query(quantile(0.99, "kong_kong_latency_ms"), "Kong"),
      ], { unit: "ms" }),
      graph("Kong's own time", "What keys, groups, rates and routing cost.", [query(quantile(0.5, "kong_kong_latency_ms"), "p50"), query(quantile(0.99, "kong_kong_latency_ms"), "p99")], { unit: "ms", thresholds: [[100, "red"]] }),
    ),
    row(
      "Kong itself",
      graph("Connections by state", "active: open; waiting: open and idle; accepted and handled count up and are left out.", [query(`sum by (state) (kong_nginx_connections_total{${KONG},state=~"active|reading|writing|waiting"})`, "{{state}}")], { unit: "short", width: 8 }),
      graph("Shared memory in use", "By purpose. Full means that counts get lost. Alert above 90 %.", [
        query(`max by (shared_dict) (kong_memory_lua_shared_dict_bytes{${KONG}} / on (namespace, pod, shared_dict, kong_subsystem) kong_memory_lua_shared_dict_total_bytes{${KONG}})`, "{{shared_dict}}"),
      ], { unit: "percentunit", max: 1, thresholds: [[0.9, "red"]], width: 8 }),
      graph("Memory of its workers", "Of the Lua machines in each proxy.", [query(`sum by (pod) (kong_memory_workers_lua_vms_bytes{${KONG}})`, "{{pod}}")], { unit: "bytes", width: 8 }),
      table("Targets", "The pods that Kong sends requests to, and what it thinks of them. Without health checks of Kong's own the state is healthchecks_off: Kubernetes takes pods that are not ready out by itself.", `max by (upstream, address, state) (kong_upstream_target_health{${KONG},upstream=~"$release-(api|reporting)[.].+"}) == 1`, { unit: "short", value: "is", width: 16 }),
      table("Versions", "More than one while the proxies are replaced.", `count by (version) (kong_node_info{${KONG}})`, { unit: "short", value: "proxies", width: 8 }),
    ),
  ],
});
