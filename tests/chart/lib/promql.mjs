// What a PromQL expression names. It need not understand it: promtool does.

const TOKEN = /\[[^\]]*\]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[a-zA-Z_:][a-zA-Z0-9_:]*|\d+(?:\.\d+)?(?:e[+-]?\d+)?[smhdwy]?\w*|[!=]~|!=|[{}(),=<>+\-*/%^]/g;
const LISTS = new Set(["by", "without", "on", "ignoring", "group_left", "group_right"]);
const WORDS = new Set(["and", "or", "unless", "bool", "offset", "inf", "nan", ...LISTS]);
const AGGREGATIONS = new Set(["sum", "min", "max", "avg", "count", "topk", "bottomk", "quantile", "group", "stddev", "stdvar", "count_values"]);

/** The metrics of an expression, each with the labels that its selector asks for, and the labels that it groups and joins by. */
export function namesIn(expr) {
  const tokens = expr.match(TOKEN) ?? [];
  const metrics = [], groupedBy = [];
  const listAfter = (i, open, close) => {
    if (tokens[i] !== open) return [[], i];
    const end = tokens.indexOf(close, i);
    return [tokens.slice(i + 1, end), end + 1];
  };
  for (let i = 0; i < tokens.length;) {
    const token = tokens[i++];
    if (!/^[a-zA-Z_:]/.test(token)) continue;
    if (LISTS.has(token)) {
      const [labels, next] = listAfter(i, "(", ")");
      groupedBy.push(...labels.filter((label) => label !== ","));
      i = next;
    } else if (!WORDS.has(token.toLowerCase()) && !AGGREGATIONS.has(token) && tokens[i] !== "(") {
      const [matchers, next] = listAfter(i, "{", "}");
      metrics.push({ name: token, labels: matchers.filter((part, at) => at === 0 || matchers[at - 1] === ",") });
      i = next;
    }
  }
  return { metrics, groupedBy };
}
