{{/*
What tells this release's series from all others, for the rules. Both ways of scraping give the services' series these labels: the ServiceMonitor by its
targetLabels, the annotations by the label map that Prometheus' own chart has for pods.
*/}}
{{- define "monitoring.ours" -}}
app_kubernetes_io_instance="{{ .Release.Name }}",namespace=~"{{ include "monitoring.namespaces" $ | fromJsonArray | join "|" }}"
{{- end -}}

{{/* The same of the series of Kafka's pods, which bear Strimzi's labels. */}}
{{- define "monitoring.kafka" -}}
strimzi_io_cluster="{{ include "iotbus.kafka.cluster" (dict "root" $) }}",namespace="{{ include "iotbus.namespace.kafka" $ }}"
{{- end -}}

{{/* Kong's proxies as a whole, and what they count of our two routes: Kong's name of a Service is namespace.name.port. */}}
{{- define "monitoring.kong" -}}
namespace="{{ .Values.global.namespaces.kong }}"
{{- end -}}

{{- define "monitoring.routes" -}}
{{ include "monitoring.kong" $ }},service=~"({{ include "monitoring.namespaces" $ | fromJsonArray | join "|" }})[.]{{ .Release.Name | trunc 40 | trimSuffix "-" }}-(api|reporting)[.].+"
{{- end -}}

{{/* The namespaces of the services, as JSON. */}}
{{- define "monitoring.namespaces" -}}
{{- list (include "iotbus.namespace.kafka" .) (include "iotbus.namespace.metrics" .) | uniq | toJson -}}
{{- end -}}

{{/* "yes" where there is a Kafka, or a Kong, of which the chart knows how its metrics look. */}}
{{- define "monitoring.hasKafka" -}}
{{- if and .Values.kafka.enabled (not .Values.global.kafka.bootstrapServers) -}}yes{{- end -}}
{{- end -}}

{{- define "monitoring.hasKong" -}}
{{- if and .Values.kong.enabled (eq .Values.global.edge.mode "Kong") -}}yes{{- end -}}
{{- end -}}

{{/* Name, namespace, the labels of every object, and those that Prometheus knows its monitors and rules by. Takes root and component. */}}
{{- define "monitoring.metadata" -}}
{{ include "iotbus.metadata" . }}
{{- with include "iotbus.labelsOf" .root.Values.labels | trim }}
{{- . | nindent 2 }}
{{- end }}
{{- end -}}
