{{/*
The kinds that the chosen parts need and that are not Kubernetes' own, by the part that needs them. Each as api version, CustomResourceDefinition, and
what to do without it.
*/}}
{{- define "prerequisites.kinds" -}}
{{- $v := .Values -}}
{{- if $v.kafka.enabled }}
kafka:
  operator: "the Strimzi operator 1.0 or newer"
  without: "kafka.enabled=false, and another Kafka in global.kafka"
  group: kafka.strimzi.io
  version: v1
  kinds: [Kafka, KafkaNodePool, KafkaTopic, KafkaUser]
{{- end }}
{{- if $v.edge.enabled }}
edge:
  operator: "the Kong Ingress Controller 3.2 or newer"
  without: "edge.enabled=false, and global.edge.mode=Embedded"
  group: configuration.konghq.com
  version: v1
  kinds: [KongPlugin, KongConsumer]
{{- end }}
{{- if and $v.autoscaling.enabled (eq $v.autoscaling.mode "lag") }}
autoscaling:
  operator: "KEDA 2.12 or newer"
  without: "autoscaling.mode=cpu"
  group: keda.sh
  version: v1alpha1
  kinds: [ScaledObject, TriggerAuthentication]
{{- end }}
{{- if $v.monitoring.enabled }}
monitoring:
  operator: "the Prometheus operator"
  without: "monitoring.enabled=false, or global.missingKinds=omit"
  group: monitoring.coreos.com
  version: v1
  kinds: {{ include "prerequisites.monitoring" $ }}
{{- end }}
{{- end -}}

{{- define "prerequisites.monitoring" -}}
{{- $v := .Values -}}
{{- $kinds := list "PrometheusRule" -}}
{{- if eq $v.global.monitoring.scrape "ServiceMonitor" -}}
{{- $kinds = append $kinds "ServiceMonitor" -}}
{{- if or (and $v.monitoring.kafka.enabled $v.kafka.enabled) (and $v.monitoring.kong.enabled (eq $v.global.edge.mode "Kong")) }}{{ $kinds = append $kinds "PodMonitor" }}{{ end -}}
{{- end -}}
[{{ join ", " $kinds }}]
{{- end -}}

{{/* What is missing, one line an operator. Only a real cluster can miss anything. */}}
{{- define "prerequisites.missing" -}}
{{- if .Capabilities.APIVersions.Has "apiregistration.k8s.io/v1" -}}
{{- range $part, $need := include "prerequisites.kinds" $ | fromYaml }}
{{- if or (eq $.Values.global.missingKinds "fail") (eq $part "kafka") }}
{{- $missing := list }}
{{- range $need.kinds }}
{{- if not ($.Capabilities.APIVersions.Has (printf "%s/%s/%s" $need.group $need.version .)) }}
{{- $missing = append $missing (printf "%ss.%s (%s)" (lower .) $need.group $need.version) }}
{{- end }}
{{- end }}
{{- with $missing }}
- {{ join ", " . }}: install {{ $need.operator }}, or leave the part out with {{ $need.without }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
{{- end -}}
