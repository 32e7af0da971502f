{{/*
Names and labels. Every template takes a dict: root is the caller's root context, component the part of the system.
*/}}

{{/* The name of a component's objects: release and component. */}}
{{- define "iotbus.name" -}}
{{- printf "%s-%s" (.root.Release.Name | trunc 40 | trimSuffix "-") .component -}}
{{- end -}}

{{/* What a selector asks for. It must never change: a Deployment's selector is immutable. */}}
{{- define "iotbus.selectorLabels" -}}
app.kubernetes.io/name: {{ .component }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end -}}

{{/* Labels of every pod of ours; the network policies select by the third. */}}
{{- define "iotbus.podLabels" -}}
{{ include "iotbus.selectorLabels" . }}
app.kubernetes.io/part-of: iotbus
{{- end -}}

{{/* Labels of every object. */}}
{{- define "iotbus.labels" -}}
{{ include "iotbus.podLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "iotbus-%s" .root.Chart.Version | quote }}
{{- end -}}

{{/* Where Kafka, MongoDB, the Api and the Processors are. Takes the root context. */}}
{{- define "iotbus.namespace.kafka" -}}
{{- .Values.global.namespaces.kafka | default .Release.Namespace -}}
{{- end -}}

{{/* Where Reporting is. Takes the root context. */}}
{{- define "iotbus.namespace.metrics" -}}
{{- .Values.global.namespaces.metrics | default .Release.Namespace -}}
{{- end -}}

{{/* A component's namespace. */}}
{{- define "iotbus.namespace" -}}
{{- if eq .component "reporting" -}}
{{- include "iotbus.namespace.metrics" .root -}}
{{- else -}}
{{- include "iotbus.namespace.kafka" .root -}}
{{- end -}}
{{- end -}}

{{/* A list of name=value as labels. It is a list because the entries of a map under global can be added to, but not taken out. */}}
{{- define "iotbus.labelsOf" -}}
{{- range . }}
{{ splitList "=" . | first }}: {{ splitList "=" . | last | quote }}
{{- end }}
{{- end -}}
