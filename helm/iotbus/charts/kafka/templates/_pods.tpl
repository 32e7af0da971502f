{{/* What the pods of Kafka's node pools and operators share: Strimzi makes them, these templates shape them. Takes root, part, spread and metrics (whether
the pods tell metrics). */}}
{{- define "kafka.podTemplate" -}}
metadata:
  labels:
    iotbus.io/part: {{ .part }}
  {{- if and .metrics (eq .root.Values.global.monitoring.scrape "annotations") }}
  annotations:
    prometheus.io/scrape: "true"
    prometheus.io/port: "9404"
    prometheus.io/path: /metrics
  {{- end }}
securityContext:
  runAsNonRoot: true
  fsGroup: 0
  seccompProfile:
    type: RuntimeDefault
priorityClassName: {{ .root.Values.global.priorityClasses.services }}
enableServiceLinks: false
{{- with .root.Values.global.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- if .spread }}
terminationGracePeriodSeconds: 120
topologySpreadConstraints:
  {{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        strimzi.io/cluster: {{ include "iotbus.kafka.cluster" $ }}
        iotbus.io/part: {{ $.part }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "kafka.container" -}}
securityContext:
  {{- include "iotbus.containerSecurity" . | nindent 2 }}
{{- end -}}

{{/* Name, namespace and labels. Takes root and name; strimzi.io/cluster tells the operator whose it is. */}}
{{- define "kafka.metadata" -}}
name: {{ .name }}
namespace: {{ include "iotbus.namespace.kafka" .root }}
labels:
  {{- include "iotbus.labels" (dict "root" .root "component" "kafka") | nindent 2 }}
  strimzi.io/cluster: {{ include "iotbus.kafka.cluster" . }}
{{- end -}}
