{{/*
What every service is made of. Each template takes root (the subchart's context), component, and what its own comment says.
*/}}

{{/* Name, namespace and labels. */}}
{{- define "iotbus.metadata" -}}
name: {{ include "iotbus.name" . }}
namespace: {{ include "iotbus.namespace" . }}
labels:
  {{- include "iotbus.labels" . | nindent 2 }}
{{- end -}}

{{/* A service's settings: a ConfigMap that its environment is made from. Also takes settings (YAML); the values' own come last and win. */}}
{{- define "iotbus.configMap" -}}
{{- $values := .root.Values -}}
{{- $settings := dict "ASPNETCORE_URLS" (ternary (printf "http://0.0.0.0:%v" $values.port) "" (hasKey $values "port")) -}}
{{- $_ := set $settings "Management__Url" (printf "http://0.0.0.0:%v" $values.managementPort) -}}
{{- $_ := set $settings "Shutdown__Timeout" (include "iotbus.duration" $values.shutdownSeconds) -}}
{{- with $values.global.telemetry.otlpEndpoint }}{{ $_ := set $settings "OTEL_EXPORTER_OTLP_ENDPOINT" . }}{{ end -}}
{{- $settings = mergeOverwrite $settings (fromYaml .settings) $values.settings -}}
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "iotbus.metadata" . | nindent 2 }}
data:
  {{- range $key, $value := $settings }}
  {{- if ne (toString $value) "" }}
  {{ $key }}: {{ $value | toString | quote }}
  {{- end }}
  {{- end }}
{{- end -}}

{{/* No pod gets a token of Kubernetes' API by itself; the Processors, which delete KongConsumers, mount theirs. */}}
{{- define "iotbus.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "iotbus.metadata" . | nindent 2 }}
automountServiceAccountToken: false
{{- end -}}

{{/* One at a time may be drained from its node; those that do not work anyway never hold a drain up. */}}
{{- define "iotbus.disruptionBudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "iotbus.metadata" . | nindent 2 }}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "iotbus.selectorLabels" . | nindent 6 }}
{{- end -}}

{{/* The port that the edge calls, and the one of health and metrics. */}}
{{- define "iotbus.service" -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "iotbus.metadata" . | nindent 2 }}
spec:
  type: ClusterIP
  selector:
    {{- include "iotbus.selectorLabels" . | nindent 4 }}
  ports:
    {{- if hasKey .root.Values "port" }}
    - { name: http, port: {{ .root.Values.port }}, targetPort: http, appProtocol: http }
    {{- end }}
    - { name: management, port: {{ .root.Values.managementPort }}, targetPort: management, appProtocol: http }
{{- end -}}
