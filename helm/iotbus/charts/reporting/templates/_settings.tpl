{{- define "reporting.settings" -}}
{{ include "iotbus.mongodb.settings" . }}
Edge__Mode: {{ .root.Values.global.edge.mode }}
{{- end -}}

{{- define "reporting.configMap" -}}
{{- $part := dict "root" $ "component" "reporting" -}}
{{- include "iotbus.configMap" (merge (dict "settings" (include "reporting.settings" $part)) $part) -}}
{{- end -}}

{{- define "reporting.env" -}}
{{- include "iotbus.mongodb.env" . -}}
{{- end -}}
