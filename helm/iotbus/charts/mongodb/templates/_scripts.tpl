{{/* What the members start with, and what makes the replica set. */}}
{{- define "mongodb.scripts" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "iotbus.mongodb.name" (dict "root" $) }}-scripts
  namespace: {{ include "iotbus.namespace.kafka" $ }}
  labels:
    {{- include "iotbus.labels" (dict "root" $ "component" "mongodb") | nindent 4 }}
data:
  {{- range list "start.sh" "init.js" }}
  {{ . }}: |
    {{- $.Files.Get (printf "files/%s" .) | nindent 4 }}
  {{- end }}
{{- end -}}
