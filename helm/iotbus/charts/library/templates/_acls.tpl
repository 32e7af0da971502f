{{/* An entry of a user's rights. Takes type (topic or group), name and operations. */}}
{{- define "kafka.acl" -}}
- resource: { type: {{ .type }}, name: {{ .name | quote }}, patternType: literal }
  operations: [{{ join ", " .operations }}]
{{- end -}}

{{/* The Api: writes events, and looks whether all topics are there. */}}
{{- define "kafka.acls.api" -}}
{{- range $topic := list .Values.global.topics.telemetry.name .Values.global.topics.alerts.name }}
{{ include "kafka.acl" (dict "type" "topic" "name" $topic "operations" (list "Write" "Describe")) }}
{{ include "kafka.acl" (dict "type" "topic" "name" (printf "%s.dlq" $topic) "operations" (list "Describe")) }}
{{- end }}
{{ include "kafka.acl" (dict "type" "topic" "name" "device-commands" "operations" (list "Describe")) }}
{{- end -}}

{{/* The Processors: read events as members of their groups, put dead letters aside, command devices, and raise the alerts of rollouts. */}}
{{- define "kafka.acls.processors" -}}
{{ include "kafka.acl" (dict "type" "group" "name" .Values.global.topics.group "operations" (list "Read" "Describe")) }}
{{ include "kafka.acl" (dict "type" "group" "name" (printf "%s-rollouts" .Values.global.topics.group) "operations" (list "Read" "Describe")) }}
{{ include "kafka.acl" (dict "type" "topic" "name" "device-commands" "operations" (list "Write" "Describe")) }}
{{ include "kafka.acl" (dict "type" "topic" "name" .Values.global.topics.telemetry.name "operations" (list "Read" "Describe")) }}
{{ include "kafka.acl" (dict "type" "topic" "name" .Values.global.topics.alerts.name "operations" (list "Read" "Write" "Describe")) }}
{{- range $topic := list .Values.global.topics.telemetry.name .Values.global.topics.alerts.name }}
{{ include "kafka.acl" (dict "type" "topic" "name" (printf "%s.dlq" $topic) "operations" (list "Write" "Describe")) }}
{{- end }}
{{- end -}}

{{/* KEDA: looks at the group's offsets and the topics' ends, and reads nothing. */}}
{{- define "kafka.acls.autoscaling" -}}
{{ include "kafka.acl" (dict "type" "group" "name" .Values.global.topics.group "operations" (list "Describe")) }}
{{- range $topic := list .Values.global.topics.telemetry.name .Values.global.topics.alerts.name }}
{{ include "kafka.acl" (dict "type" "topic" "name" $topic "operations" (list "Describe")) }}
{{- end }}
{{- end -}}

{{/* An operator's tools: read and write dead letters and events, in groups of their own, and move the Processors' offsets (which progress makes harmless). */}}
{{- define "kafka.acls.tools" -}}
- resource: { type: group, name: iotbus-tools, patternType: prefix }
  operations: [Read, Describe, Delete]
{{ include "kafka.acl" (dict "type" "group" "name" .Values.global.topics.group "operations" (list "Read" "Describe")) }}
{{- range $topic := list .Values.global.topics.telemetry.name .Values.global.topics.alerts.name }}
{{ include "kafka.acl" (dict "type" "topic" "name" $topic "operations" (list "Read" "Write" "Describe")) }}
{{ include "kafka.acl" (dict "type" "topic" "name" (printf "%s.dlq" $topic) "operations" (list "Read" "Write" "Delete" "Describe")) }}
{{- end }}
{{- end -}}
