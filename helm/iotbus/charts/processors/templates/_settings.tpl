{{- define "processors.settings" -}}
{{ include "iotbus.kafka.settings" . }}
{{ include "iotbus.mongodb.settings" . }}
Processing__Group: {{ .root.Values.global.topics.group | quote }}
Processing__RolloutGroup: {{ printf "%s-rollouts" .root.Values.global.topics.group | quote }}
{{- end -}}

{{- define "processors.configMap" -}}
{{- $part := dict "root" $ "component" "processors" -}}
{{- include "iotbus.configMap" (merge (dict "settings" (include "processors.settings" $part)) $part) -}}
{{- end -}}

{{- define "processors.env" -}}
{{- include "iotbus.kafka.env" . -}}
{{- include "iotbus.mongodb.env" . -}}
{{- end -}}
