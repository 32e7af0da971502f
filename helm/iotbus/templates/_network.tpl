{{/*
The system's network as data, from which the policies are made: who there is, and who may speak to whom on which ports. docs/network.md shows it as a
diagram, which is made from the rendered policies.
*/}}

{{/* Who there is, by name: namespace and labels of pods, or cidrs. Those with "ours" get a policy. */}}
{{- define "network.nodes" -}}
{{- $global := .Values.global -}}
{{- $network := $global.networkPolicies -}}
{{- $kafka := include "iotbus.namespace.kafka" $ -}}
{{- range $name := list "api" "processors" "mongodb" "mongodb-init" "test" "tools" }}
{{ $name }}: { ours: true, namespace: {{ $kafka }}, labels: { app.kubernetes.io/name: {{ $name }}, app.kubernetes.io/instance: {{ $.Release.Name }} } }
{{- end }}
reporting: { ours: true, namespace: {{ include "iotbus.namespace.metrics" $ }}, labels: { app.kubernetes.io/name: reporting, app.kubernetes.io/instance: {{ .Release.Name }} } }
{{- range $name := list "kafka-controller" "kafka-broker" "kafka-entity-operator" "kafka-exporter" }}
{{ $name }}: { ours: true, namespace: {{ $kafka }}, labels: { strimzi.io/cluster: {{ include "iotbus.kafka.cluster" (dict "root" $) }}, iotbus.io/part: {{ $name }} } }
{{- end }}
kong: { namespace: {{ $global.namespaces.kong }}, labels: {{ include "iotbus.labelsOf" $network.kong.podLabels | fromYaml | toJson }} }
{{- range $name := list "dns" "prometheus" "collector" "keda" "strimzi" }}
{{- $node := index $network $name }}
{{ $name }}: { namespace: {{ $node.namespace }}, labels: {{ include "iotbus.labelsOf" $node.podLabels | fromYaml | toJson }} }
{{- end }}
kubernetes-api: { cidrs: {{ toJson $network.kubernetesApi.cidrs }} }
other-kafka: { cidrs: {{ toJson $network.external.kafkaCidrs }} }
other-mongodb: { cidrs: {{ toJson $network.external.mongodbCidrs }} }
rabbitmq: { cidrs: {{ toJson $network.external.rabbitmqCidrs }} }
{{- end -}}

{{/* An arrow. Takes from, to and ports. */}}
{{- define "network.arrow" -}}
- { from: {{ .from }}, to: {{ .to }}, ports: {{ toJson .ports }} }
{{ end -}}

{{/* Who may speak to whom. Only arrows between parts that are there. DNS, which everyone asks, is not among them. */}}
{{- define "network.arrows" -}}
{{- $v := .Values -}}
{{- $network := $v.global.networkPolicies -}}
{{- $services := list -}}
{{- range list "api" "processors" "reporting" -}}{{- if (index $v .).enabled }}{{ $services = append $services . }}{{ end -}}{{- end -}}
{{- range $services }}
{{ include "network.arrow" (dict "from" "kong" "to" . "ports" (list (index $v .).port)) }}
{{ include "network.arrow" (dict "from" "prometheus" "to" . "ports" (list (index $v .).managementPort)) }}
{{- if $v.global.telemetry.otlpEndpoint }}
{{ include "network.arrow" (dict "from" . "to" "collector" "ports" (list $network.collector.port)) }}
{{- end }}
{{- if ne . "reporting" }}
{{- if $v.kafka.enabled }}
{{ include "network.arrow" (dict "from" . "to" "kafka-broker" "ports" (list 9093)) }}
{{- else }}
{{ include "network.arrow" (dict "from" . "to" "other-kafka" "ports" (list $network.external.kafkaPort)) }}
{{- end }}
{{- end }}
{{- if ne . "api" }}
{{- if $v.mongodb.enabled }}
{{ include "network.arrow" (dict "from" . "to" "mongodb" "ports" (list 27017)) }}
{{- else }}
{{ include "network.arrow" (dict "from" . "to" "other-mongodb" "ports" (list $network.external.mongodbPort)) }}
{{- end }}
{{- end }}
{{- end }}
{{- if and $v.processors.enabled (eq $v.global.edge.mode "Kong") }}
{{ include "network.arrow" (dict "from" "processors" "to" "kubernetes-api" "ports" $network.kubernetesApi.ports) }}
{{- end }}
{{- if and $v.processors.enabled (eq $v.processors.bus.transport "RabbitMq") }}
{{ include "network.arrow" (dict "from" "processors" "to" "rabbitmq" "ports" (list $v.processors.bus.rabbitmq.port)) }}
{{- end }}
{{- if $v.mongodb.enabled }}
{{- range list "mongodb" "mongodb-init" }}
{{ include "network.arrow" (dict "from" . "to" "mongodb" "ports" (list 27017)) }}
{{- end }}
{{- end }}
{{- if $v.kafka.enabled }}
{{/* Strimzi's ports: 9090 for the controllers, 9091 for brokers among themselves and its own tools, 8443 for its agent in each of them. */}}
{{ include "network.arrow" (dict "from" "kafka-controller" "to" "kafka-controller" "ports" (list 9090)) }}
{{ include "network.arrow" (dict "from" "kafka-broker" "to" "kafka-controller" "ports" (list 9090)) }}
{{ include "network.arrow" (dict "from" "kafka-broker" "to" "kafka-broker" "ports" (list 9091)) }}
{{ include "network.arrow" (dict "from" "kafka-entity-operator" "to" "kafka-broker" "ports" (list 9091)) }}
{{ include "network.arrow" (dict "from" "kafka-entity-operator" "to" "kubernetes-api" "ports" $network.kubernetesApi.ports) }}
{{ include "network.arrow" (dict "from" "strimzi" "to" "kafka-controller" "ports" (list 9090 8443)) }}
{{ include "network.arrow" (dict "from" "strimzi" "to" "kafka-broker" "ports" (list 9091 8443)) }}
{{- if $v.kafka.exporter.enabled }}
{{ include "network.arrow" (dict "from" "kafka-exporter" "to" "kafka-broker" "ports" (list 9091)) }}
{{ include "network.arrow" (dict "from" "prometheus" "to" "kafka-exporter" "ports" (list 9404)) }}
{{- end }}
{{- if $v.kafka.metrics.enabled }}
{{- range list "kafka-controller" "kafka-broker" }}
{{ include "network.arrow" (dict "from" "prometheus" "to" . "ports" (list 9404)) }}
{{- end }}
{{- end }}
{{- if $v.kafka.rack.enabled }}
{{ include "network.arrow" (dict "from" "kafka-broker" "to" "kubernetes-api" "ports" $network.kubernetesApi.ports) }}
{{- end }}
{{- if $v.kafka.toolsUser.enabled }}
{{ include "network.arrow" (dict "from" "tools" "to" "kafka-broker" "ports" (list 9093)) }}
{{- end }}
{{- if and $v.autoscaling.enabled (eq $v.autoscaling.mode "lag") }}
{{ include "network.arrow" (dict "from" "keda" "to" "kafka-broker" "ports" (list 9093)) }}
{{- end }}
{{- end }}
{{- if include "iotbus.tests" $ }}
{{ include "network.arrow" (dict "from" "test" "to" "kong" "ports" (list $network.kong.proxyPort)) }}
{{- end }}
{{- end -}}

{{/* A peer in a rule. Takes the node. */}}
{{- define "network.peers" -}}
{{- if .cidrs -}}
{{- range .cidrs }}
- ipBlock: { cidr: {{ . }} }
{{- end }}
{{- else }}
- namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ .namespace }}
  podSelector:
    matchLabels:
      {{- toYaml .labels | nindent 6 }}
{{- end }}
{{- end -}}

{{- define "network.ports" -}}
{{- range . }}
- { port: {{ . }}, protocol: TCP }
{{- end }}
{{- end -}}
