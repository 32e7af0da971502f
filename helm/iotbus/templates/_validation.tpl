{{/* What no schema of single values can tell: values that contradict each other. Every problem, one a line, with what to change. */}}
{{- define "iotbus.problems" -}}
{{- $v := .Values -}}
{{- $global := $v.global -}}
{{- $topics := $global.topics -}}
{{- $partitions := max (int $topics.telemetry.partitions) (int $topics.alerts.partitions) -}}
{{- with $global.image.tag }}
{{- if not (regexMatch "^v?[0-9]+\\.[0-9]+\\.[0-9]+([-+.].+)?$" .) }}
- global.image.tag is {{ . }}, which may be another image tomorrow: name a full version such as 1.2.3
{{- end }}
{{- end }}
{{- range $name, $image := dict "mongodb.image" $v.mongodb.image "global.tests.image" $global.tests.image }}
{{- if not (or $image.digest (regexMatch "^v?[0-9]+\\.[0-9]+\\.[0-9]+([-+.].+)?$" $image.tag)) }}
- {{ $name }}.tag is {{ $image.tag | quote }}, which may be another image tomorrow: name a full version such as 1.2.3, or set {{ $name }}.digest
{{- end }}
{{- end }}
{{- range $name, $resources := dict "api" $v.api.resources "processors" $v.processors.resources "reporting" $v.reporting.resources "kafka.brokers" $v.kafka.brokers.resources "kafka.controllers" $v.kafka.controllers.resources "mongodb" $v.mongodb.resources }}
{{- if gt (include "iotbus.gibibytes" $resources.requests.memory | float64) (include "iotbus.gibibytes" $resources.limits.memory | float64) }}
- {{ $name }}.resources.requests.memory is {{ $resources.requests.memory }}, more than its limit {{ $resources.limits.memory }}
{{- end }}
{{- end }}
{{- if and $v.kafka.enabled $global.kafka.bootstrapServers }}
- global.kafka.bootstrapServers names another Kafka, but kafka.enabled runs one too: set kafka.enabled=false, or empty the other
{{- end }}
{{- if not (or $v.kafka.enabled $global.kafka.bootstrapServers) }}
- there is no Kafka: set kafka.enabled=true, or global.kafka.bootstrapServers to another one's host:port
{{- end }}
{{- if $v.kafka.enabled }}
{{- if gt (int $topics.replicas) (int $v.kafka.brokers.replicas) }}
- global.topics.replicas is {{ $topics.replicas }}, but kafka.brokers.replicas only {{ $v.kafka.brokers.replicas }}: a broker holds one replica of a partition at most
{{- end }}
{{- end }}
{{- range $name, $insync := dict "kafka.minInsyncReplicas" $v.kafka.minInsyncReplicas "global.topics.alerts.minInsyncReplicas" $topics.alerts.minInsyncReplicas }}
{{- if or (gt (int $insync) (int $topics.replicas)) (and (eq (int $insync) (int $topics.replicas)) (gt (int $insync) 1)) }}
- {{ $name }} is {{ $insync }} with global.topics.replicas={{ $topics.replicas }}: one broker away would refuse every event; set it to {{ max 1 (sub (int $topics.replicas) 1) }}
{{- end }}
{{- end }}
{{- if $global.kafka.bootstrapServers }}
{{- range $component := list "api" "processors" "autoscaling" }}
{{- $needed := ternary (and $v.autoscaling.enabled (eq $v.autoscaling.mode "lag")) (index $v $component).enabled (eq $component "autoscaling") }}
{{- $credentials := index $global.kafka.credentials $component }}
{{- if and $needed (hasPrefix "Sasl" $global.kafka.protocol) (not (and $credentials.username $credentials.secret)) }}
- global.kafka.credentials.{{ $component }} needs username and secret to log in with {{ $global.kafka.protocol }}
{{- end }}
{{- end }}
{{- end }}
{{- if and $v.mongodb.enabled $global.mongodb.external.uri }}
- global.mongodb.external.uri names another MongoDB, but mongodb.enabled runs one too: set mongodb.enabled=false, or empty the other
{{- end }}
{{- if not (or $v.mongodb.enabled $global.mongodb.external.uri) }}
- there is no MongoDB: set mongodb.enabled=true, or global.mongodb.external.uri to another one's address
{{- end }}
{{- range $component, $credentials := $global.mongodb.external.credentials }}
{{- if and $global.mongodb.external.uri $credentials.username (not $credentials.secret) }}
- global.mongodb.external.credentials.{{ $component }} has a username, but no secret with its password
{{- end }}
{{- end }}
{{- $auth := $global.mongodb.auth }}
{{- if and $v.mongodb.enabled $v.reporting.enabled $auth.existingSecret (not $auth.existingReportingSecret) (ne (include "iotbus.namespace.kafka" $) (include "iotbus.namespace.metrics" $)) }}
- global.mongodb.auth.existingReportingSecret is empty, but Reporting is in another namespace than existingSecret: name a Secret there with reporting-password
{{- end }}
{{- if and $v.mongodb.enabled (ge (float64 $v.mongodb.cacheGigabytes) (include "iotbus.gibibytes" $v.mongodb.resources.limits.memory | float64)) }}
- mongodb.cacheGigabytes is {{ $v.mongodb.cacheGigabytes }}, but its memory limit {{ $v.mongodb.resources.limits.memory }}: it would be killed; about half is right
{{- end }}
{{- range $component := list "api" "processors" "reporting" }}
{{- $replicas := (index $v $component).replicas }}
{{- $scale := index $v.autoscaling $component }}
{{- if $v.autoscaling.enabled }}
{{- if and $scale.enabled (not (kindIs "invalid" $replicas)) }}
- {{ $component }}.replicas is {{ $replicas }}, but autoscaling decides: take it out, or set autoscaling.{{ $component }}.enabled=false
{{- end }}
{{- if gt (int $scale.min) (int $scale.max) }}
- autoscaling.{{ $component }}.min is {{ $scale.min }}, more than max, {{ $scale.max }}
{{- end }}
{{- end }}
{{- end }}
{{- if and (not (kindIs "invalid" $v.processors.replicas)) (gt (int $v.processors.replicas) $partitions) }}
- processors.replicas is {{ $v.processors.replicas }}, but no topic has more than {{ $partitions }} partitions: the rest would stand idle
{{- end }}
{{- $rabbitmq := $v.processors.bus.rabbitmq }}
{{- if eq $v.processors.bus.transport "RabbitMq" }}
{{- if not (and $rabbitmq.host $rabbitmq.credentials.secret) }}
- processors.bus.transport=RabbitMq needs processors.bus.rabbitmq.host and processors.bus.rabbitmq.credentials.secret
{{- end }}
{{- if and (not $rabbitmq.tls) (or $rabbitmq.caSecret.name $rabbitmq.serverName) }}
- processors.bus.rabbitmq.caSecret or serverName is set, but tls is false: set it, or empty them
{{- end }}
{{- if eq $rabbitmq.virtualHost "kafka" }}
- processors.bus.rabbitmq.virtualHost is kafka: addresses in it would look like those of Kafka's topics; use another
{{- end }}
{{- else if $rabbitmq.host }}
- processors.bus.rabbitmq.host names a RabbitMQ, but processors.bus.transport is InMemory: set it to RabbitMq, or empty the host
{{- end }}
{{- if and (eq $global.edge.mode "Embedded") (not $global.edge.consumersSecret) }}
- global.edge.mode=Embedded needs global.edge.consumersSecret: without consumers every request is answered with 401
{{- end }}
{{- if and (eq $global.edge.mode "Embedded") $v.edge.enabled }}
- global.edge.mode=Embedded, but edge.enabled makes Kong's routes: set edge.enabled=false, or the mode to Kong
{{- end }}
{{- $ours := dict "min.insync.replicas" "kafka.minInsyncReplicas" "default.replication.factor" "global.topics.replicas" "auto.create.topics.enable" "" "offsets.topic.replication.factor" "global.topics.replicas" "transaction.state.log.replication.factor" "global.topics.replicas" "transaction.state.log.min.isr" "kafka.minInsyncReplicas" "replica.selector.class" "kafka.rack.enabled" }}
{{- range $key, $_ := $v.kafka.config }}
{{- if hasKey $ours $key }}
- kafka.config has {{ $key }}, which the chart sets{{ with get $ours $key }}: set {{ . }} instead{{ else }} itself: take it out{{ end }}
{{- end }}
{{- end }}
{{- if and $v.monitoring.enabled $v.monitoring.kafka.enabled $v.kafka.enabled (not (and $v.kafka.exporter.enabled $v.kafka.metrics.enabled)) }}
- monitoring.kafka.enabled reads what Kafka tells, but kafka.exporter.enabled or kafka.metrics.enabled is false: its alerts would never fire; set both, or monitoring.kafka.enabled=false
{{- end }}
{{- if and $v.monitoring.enabled $v.monitoring.kong.enabled $v.edge.enabled (not $v.edge.metrics.enabled) }}
- monitoring.kong.enabled reads what Kong tells, but edge.metrics.enabled=false makes it tell nothing: set it, or monitoring.kong.enabled=false
{{- end }}
{{- if and $v.edge.enabled (eq $v.edge.limits.policy "redis") (not $v.edge.limits.redis.host) }}
- edge.limits.policy=redis needs edge.limits.redis.host
{{- end }}
{{- $names := dict }}
{{- range $v.edge.consumers }}
{{- if hasKey $names .username }}
- edge.consumers names {{ .username }} twice
{{- end }}
{{- $_ := set $names .username true }}
{{- end }}
{{- end -}}

{{/* A quantity of memory, in GiB. */}}
{{- define "iotbus.gibibytes" -}}
{{- $number := regexFind "^[0-9.]+" (toString .) | float64 -}}
{{- $unit := regexFind "[A-Za-z]*$" (toString .) -}}
{{- if eq $unit "Gi" }}{{ $number }}{{ else if eq $unit "G" }}{{ mulf $number 0.931 }}{{ else if eq $unit "Mi" }}{{ divf $number 1024 }}{{ else if eq $unit "M" }}{{ divf $number 1074 }}{{ else }}{{ divf $number 1073741824 }}{{ end -}}
{{- end -}}
