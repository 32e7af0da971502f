{{/* "yes" where there is something that helm test can ask: both services, behind Kong. */}}
{{- define "iotbus.tests" -}}
{{- $v := .Values -}}
{{- if and $v.global.tests.enabled $v.edge.enabled $v.edge.proxy.service $v.api.enabled $v.processors.enabled $v.reporting.enabled -}}
yes
{{- end -}}
{{- end -}}
