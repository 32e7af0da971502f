// Grafana's dashboards, from which the chart's JSON files are made: node tests/chart/write-docs.mjs
import { exactlyOnce } from "./exactly-once.mjs";
import { ingestion } from "./ingestion.mjs";
import { kafka } from "./kafka.mjs";
import { kong } from "./kong.mjs";
import { overview } from "./overview.mjs";

/** By the name of their file. */
export const DASHBOARDS = { overview, ingestion, kafka, "exactly-once": exactlyOnce, kong };
