{{/*
What tells this release's series from all others. Both ways of scraping give them these labels: the ServiceMonitor by its targetLabels, the annotations by
the label map that Prometheus' own chart has for pods.
*/}}
{{- define "monitoring.ours" -}}
app_kubernetes_io_instance="{{ .Release.Name }}",namespace=~"{{ include "monitoring.namespaces" $ | fromJsonArray | join "|" }}"
{{- end -}}

{{/* The namespaces of the services, as JSON. */}}
{{- define "monitoring.namespaces" -}}
{{- list (include "iotbus.namespace.kafka" .) (include "iotbus.namespace.metrics" .) | uniq | toJson -}}
{{- end -}}
