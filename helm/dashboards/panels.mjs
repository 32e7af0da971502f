// What the dashboards are made of. Each panel takes its title, what a reader should know of it, its queries and how it looks; a dashboard lays them out.

export const DATASOURCE = { type: "prometheus", uid: "${datasource}" };

/** A query: its PromQL, and how its series are called ("" for their labels). */
export const query = (expr, legend = "") => ({ expr, legend });

const steps = (thresholds) => [{ value: null, color: "green" }, ...thresholds.map(([value, color]) => ({ value, color }))];

function panel(type, title, description, queries, { width, height, unit, options, custom, min, max, decimals, noValue, thresholds = [], mappings = [], transformations }) {
  return {
    type,
    title,
    description,
    datasource: DATASOURCE,
    gridPos: { w: width, h: height, x: 0, y: 0 },
    targets: queries.map(({ expr, legend }, i) => ({
      refId: String.fromCharCode(65 + i),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend || "__auto",
      ...(type === "table" ? { format: "table", instant: true } : {}),
      ...(type === "stat" ? { instant: true } : {}),
      ...(type === "heatmap" ? { format: "heatmap" } : {}),
    })),
    fieldConfig: {
      defaults: {
        unit,
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
        ...(decimals === undefined ? {} : { decimals }),
        ...(noValue === undefined ? {} : { noValue }),
        thresholds: { mode: "absolute", steps: steps(thresholds) },
        mappings,
        ...(custom ? { custom } : {}),
      },
      overrides: [],
    },
    options,
    ...(transformations ? { transformations } : {}),
  };
}

/** One number now, green below the first threshold. */
export const stat = (title, description, expr, { unit, thresholds, width = 4, height = 4, mappings, legend, noValue } = {}) =>
  panel("stat", title, description, [query(expr, legend)], {
    width, height, unit, thresholds, mappings, noValue,
    options: {
      colorMode: thresholds ? "background" : "value", graphMode: "none", justifyMode: "auto", orientation: "auto", textMode: "auto", wideLayout: true,
      showPercentChange: false, percentChangeColorMode: "standard", reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false },
    },
  });

/** Lines over time. Thresholds are those of the alerts, drawn as lines. */
export const graph = (title, description, queries, { unit, thresholds, stack = false, width = 12, height = 8, min = 0, max, decimals } = {}) =>
  panel("timeseries", title, description, queries, {
    width, height, unit, thresholds, min, max, decimals,
    custom: {
      drawStyle: "line", lineInterpolation: "linear", lineWidth: 1, fillOpacity: stack ? 40 : 5, showPoints: "never", spanNulls: false,
      stacking: { mode: stack ? "normal" : "none", group: "A" }, thresholdsStyle: { mode: thresholds ? "dashed" : "off" },
    },
    options: { legend: { displayMode: "table", placement: "bottom", showLegend: true, calcs: ["mean", "max", "lastNotNull"] }, tooltip: { mode: "multi", sort: "desc" } },
  });

/** How a histogram's samples are spread over time. */
export const heatmap = (title, description, expr, { unit, width = 12, height = 8 } = {}) =>
  panel("heatmap", title, description, [query(expr, "{{le}}")], {
    width, height, unit,
    options: {
      calculate: false, cellGap: 1, cellValues: { unit: "short" }, color: { mode: "scheme", scheme: "Oranges", exponent: 0.5, fill: "dark-orange", reverse: false, steps: 64 },
      exemplars: { color: "rgba(255,0,255,0.7)" }, filterValues: { le: 1e-9 }, legend: { show: true }, rowsFrame: { layout: "auto" }, showValue: "never",
      tooltip: { mode: "single", showColorScale: false, yHistogram: false }, yAxis: { axisPlacement: "left", reverse: false, unit },
    },
  });

/** Series as rows, now. Hides what every row has in common. */
export const table = (title, description, expr, { unit, thresholds, value, hide = [], width = 12, height = 8 } = {}) =>
  panel("table", title, description, [query(expr)], {
    width, height, unit, thresholds,
    custom: { align: "auto", inspect: false, cellOptions: { type: thresholds ? "color-text" : "auto" } },
    transformations: [{ id: "organize", options: { excludeByName: Object.fromEntries(["Time", ...hide].map((name) => [name, true])), renameByName: { Value: value } } }],
    options: { frameIndex: 0, showHeader: true, cellHeight: "sm", sortBy: [{ displayName: value, desc: true }] },
  });

export const row = (title, ...panels) => ({ title, panels });

const variable = (name, label, definition, more = {}) => ({
  type: "query", name, label, datasource: DATASOURCE, definition, query: { query: definition, refId: name }, refresh: 2, sort: 1, ...more,
});

/** A variable of which several values may be chosen. */
export const choice = (name, label, definition) =>
  variable(name, label, definition, { multi: true, includeAll: true, allValue: ".*", current: { selected: true, text: ["All"], value: ["$__all"] } });

/** The release; the chart puts its own in for @release@, and what is unique of it for @uid@. */
const RELEASE = variable("release", "Release", "label_values(iotbus_ready, app_kubernetes_io_instance)", {
  current: { selected: true, text: "@release@", value: "@release@" },
});
const NAMESPACE = choice("namespace", "Namespace", 'label_values(iotbus_ready{app_kubernetes_io_instance="$release"}, namespace)');

/** What tells the release's series from others. */
export const OURS = 'app_kubernetes_io_instance="$release",namespace=~"$namespace"';
export const KAFKA = 'strimzi_io_cluster="$release-kafka"';

/** Panels from left to right, a new line where the next one does not fit. */
function layout(rows) {
  let y = 0, id = 1;
  return rows.flatMap(({ title, panels }) => {
    const head = { id: id++, type: "row", title, collapsed: false, gridPos: { x: 0, y: y++, w: 24, h: 1 }, panels: [] };
    let x = 0, line = 0;
    const placed = panels.map((one) => {
      const { w, h } = one.gridPos;
      if (x + w > 24) [x, y, line] = [0, y + line, 0];
      const at = { ...one, id: id++, gridPos: { x, y, w, h } };
      [x, line] = [x + w, Math.max(line, h)];
      return at;
    });
    y += line;
    return [head, ...placed];
  });
}

export function dashboard({ name, title, description, rows, variables = [] }) {
  return {
    uid: `@uid@-${name}`,
    title: `IotBus @release@ / ${title}`,
    description,
    tags: ["iotbus"],
    schemaVersion: 39,
    version: 1,
    editable: true,
    graphTooltip: 1, // one crosshair for all panels
    refresh: "30s",
    time: { from: "now-3h", to: "now" },
    timezone: "browser",
    links: [
      {
        type: "dashboards", title: "IotBus", tags: ["iotbus"], asDropdown: true, includeVars: true, keepTime: true, icon: "external link", targetBlank: false, tooltip: "", url: "",
      },
    ],
    annotations: {
      list: [{
        name: "Alerts", enable: true, iconColor: "red", datasource: DATASOURCE,
        expr: 'ALERTS{alertname=~"IotBus.+",alertstate="firing"}', titleFormat: "{{alertname}}", tagKeys: "severity",
      }],
    },
    templating: {
      list: [
        { type: "datasource", name: "datasource", label: "Data source", query: "prometheus", refresh: 1 },
        RELEASE, NAMESPACE, ...variables,
      ],
    },
    panels: layout(rows),
  };
}
