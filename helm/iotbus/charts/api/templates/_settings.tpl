{{- define "api.settings" -}}
{{- $topics := .root.Values.global.topics -}}
{{ include "iotbus.kafka.settings" . }}
Edge__Mode: {{ .root.Values.global.edge.mode }}
# Where Strimzi has made the topics, the Api finds them as they are to be; elsewhere it makes those that are missing.
{{- range $key, $topic := pick $topics "telemetry" "alerts" }}
Topics__{{ title $key }}__Partitions: {{ $topic.partitions | quote }}
Topics__{{ title $key }}__ReplicationFactor: {{ $topics.replicas | quote }}
Topics__{{ title $key }}__Retention: "{{ $topic.retentionDays }}.00:00:00"
{{- with $topic.minInsyncReplicas }}
Topics__{{ title $key }}__MinInsyncReplicas: {{ . | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "api.configMap" -}}
{{- $part := dict "root" $ "component" "api" -}}
{{- include "iotbus.configMap" (merge (dict "settings" (include "api.settings" $part)) $part) -}}
{{- end -}}

{{- define "api.env" -}}
{{- include "iotbus.kafka.env" . -}}
{{- end -}}
