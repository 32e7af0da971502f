// Where the dashboards' files are, and how they are written.
import { CHART } from "./helm.mjs";

export const dashboardFile = (name) => `${CHART}/charts/monitoring/files/dashboards/${name}.json`;
export const dashboardJson = (dashboard) => `${JSON.stringify(dashboard, null, 2)}\n`;
