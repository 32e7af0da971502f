// Series for the alerts on what Kong tells: see alerts.mjs.
const scrape = { namespace: "kong", pod: "gateway-1" };
const API = "kafka.iotbus-api.http";
const REPORTING = "metrics.iotbus-reporting.http";
const STRANGER = "shop.cart.80"; // another system behind the same Kong

const told = (metric, labels, values) => ({ metric, labels, values, scrape });
const requests = (service, code, values, source = "service") =>
  told("kong_http_requests_total", { service, route: `${service}-route`, code, source, workspace: "default", consumer: "" }, values);
const latency = (service, slow) => [["100", slow ? "0x60" : "0+60x60"], ["200", "0+60x60"], ["+Inf", "0+60x60"]]
  .map(([le, values]) => told("kong_kong_latency_ms_bucket", { service, route: "r", workspace: "default", le }, values));
const memory = (used) => [
  told("kong_memory_lua_shared_dict_bytes", { node_id: "n", shared_dict: "prometheus_metrics", kong_subsystem: "http" }, used),
  told("kong_memory_lua_shared_dict_total_bytes", { node_id: "n", shared_dict: "prometheus_metrics", kong_subsystem: "http" }, "100x60"),
];

export const KONG_ALERTS = {
  IotBusKongMetricsMissing: {
    fires: [told("kong_nginx_connections_total", { node_id: "n", subsystem: "http", state: "accepted" }, "1x45 stale")],
    silent: [told("kong_nginx_connections_total", { node_id: "n", subsystem: "http", state: "accepted" }, "1x60")],
  },
  IotBusKongErrors: {
    fires: [requests(API, "200", "0+98x60"), requests(REPORTING, "503", "0+2x60")],
    silent: [requests(API, "200", "0+995x60"), requests(API, "503", "0+5x60"), requests(STRANGER, "503", "0+99x60")],
  },
  IotBusKongItselfFails: {
    fires: [requests(API, "503", "0+12x60", "kong")],
    silent: [requests(API, "503", "0+12x60", "service"), requests(API, "429", "0+12x60", "kong")],
  },
  IotBusKongSlow: {
    fires: latency(API, true),
    silent: [...latency(API, false), ...latency(STRANGER, true)],
  },
  IotBusKongRejections: {
    fires: [requests(API, "429", "0+660x60", "kong")],
    silent: [requests(API, "429", "0+540x60", "kong"), requests(API, "200", "0+6000x60")],
  },
  IotBusKongMemoryFull: {
    fires: memory("95x60"),
    silent: memory("60x60"),
  },
};
