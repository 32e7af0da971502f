{{/* Name, namespace and labels of one of Kong's objects. Takes root, name and namespace. */}}
{{- define "edge.metadata" -}}
name: {{ include "iotbus.name" (dict "root" .root "component" .name) }}
namespace: {{ .namespace }}
labels:
  {{- include "iotbus.labels" (dict "root" .root "component" "edge") | nindent 2 }}
{{- end -}}

{{/* What Kong does on the way to a service, in the order of its priorities. Takes root and service; gives the names, separated by commas. */}}
{{- define "edge.plugins" -}}
{{- $names := list -}}
{{- $plugins := list "correlation" "key" (printf "%s-groups" .service) (printf "%s-limit" .service) (ternary "processors-size" "size" (eq .service "processors")) -}}
{{- if .root.Values.metrics.enabled }}{{ $plugins = append $plugins "metrics" }}{{ end -}}
{{- range $plugins -}}
{{- $names = append $names (include "iotbus.name" (dict "root" $.root "component" (printf "kong-%s" .))) -}}
{{- end -}}
{{- join "," $names -}}
{{- end -}}

{{/* A KongPlugin that limits the rate of each consumer. Takes root, name, namespace and second. */}}
{{- define "edge.rateLimit" -}}
{{- $limits := .root.Values.limits -}}
apiVersion: configuration.konghq.com/v1
kind: KongPlugin
metadata:
  {{- include "edge.metadata" . | nindent 2 }}
  annotations:
    kubernetes.io/ingress.class: {{ .root.Values.ingressClassName }}
plugin: rate-limiting
config:
  second: {{ .second }}
  limit_by: consumer
  policy: {{ $limits.policy }}
  # A Redis that is away stops no device.
  fault_tolerant: true
  {{- if eq $limits.policy "redis" }}
  redis:
    host: {{ $limits.redis.host }}
    port: {{ $limits.redis.port }}
    ssl: {{ $limits.redis.ssl }}
    {{- if $limits.redis.ssl }}
    ssl_verify: true
    server_name: {{ $limits.redis.host }}
    {{- end }}
{{- if $limits.redis.passwordSecret }}
configPatches:
  - path: /redis/password
    valueFrom:
      secretKeyRef:
        name: {{ $limits.redis.passwordSecret }}
        key: {{ $limits.redis.passwordKey }}
{{- end }}
  {{- end }}
{{- end -}}
