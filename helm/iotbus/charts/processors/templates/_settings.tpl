{{- define "processors.settings" -}}
{{ include "iotbus.kafka.settings" . }}
{{ include "iotbus.mongodb.settings" . }}
Edge__Mode: {{ .root.Values.global.edge.mode }}
{{- if include "processors.revokes" . }}
Edge__Kong__ConsumersNamespace: {{ include "iotbus.namespace.kafka" .root }}
{{- end }}
Processing__Group: {{ .root.Values.global.topics.group | quote }}
Processing__RolloutGroup: {{ printf "%s-rollouts" .root.Values.global.topics.group | quote }}
{{ include "processors.bus.settings" . }}
{{- end -}}

{{/* "yes" where the callers are KongConsumer objects, so that a device is taken out of service by deleting its own. */}}
{{- define "processors.revokes" -}}
{{- if eq .root.Values.global.edge.mode "Kong" }}yes{{ end -}}
{{- end -}}

{{- define "processors.bus.settings" -}}
{{- $bus := .root.Values.bus -}}
{{- $rabbitmq := $bus.rabbitmq -}}
Bus__Transport: {{ $bus.transport }}
{{- if eq $bus.transport "RabbitMq" }}
Bus__RabbitMq__Host: {{ $rabbitmq.host | quote }}
Bus__RabbitMq__Port: {{ $rabbitmq.port | quote }}
Bus__RabbitMq__VirtualHost: {{ $rabbitmq.virtualHost | quote }}
Bus__RabbitMq__Tls: {{ $rabbitmq.tls | quote }}
{{- with $rabbitmq.serverName }}
Bus__RabbitMq__ServerName: {{ . | quote }}
{{- end }}
{{- with $rabbitmq.quorumSize }}
Bus__RabbitMq__QuorumSize: {{ . | quote }}
{{- end }}
{{- if (include "processors.bus.ca" . | fromJson).name }}
Bus__RabbitMq__CaLocation: /etc/iotbus/rabbitmq/ca.crt
{{- end }}
{{- end }}
{{- end -}}

{{/* The Secret with RabbitMQ's certificate authority, and its key, as JSON; the name is empty where none is needed. */}}
{{- define "processors.bus.ca" -}}
{{- $rabbitmq := .root.Values.bus.rabbitmq -}}
{{- ternary $rabbitmq.caSecret dict (and (eq .root.Values.bus.transport "RabbitMq") $rabbitmq.tls) | toJson -}}
{{- end -}}

{{- define "processors.configMap" -}}
{{- $part := dict "root" $ "component" "processors" -}}
{{- include "iotbus.configMap" (merge (dict "settings" (include "processors.settings" $part)) $part) -}}
{{- end -}}

{{- define "processors.env" -}}
{{- include "iotbus.kafka.env" . -}}
{{- include "iotbus.mongodb.env" . -}}
{{- $bus := .root.Values.bus -}}
{{- if eq $bus.transport "RabbitMq" }}
- name: Bus__RabbitMq__Username
  valueFrom:
    secretKeyRef: { name: {{ $bus.rabbitmq.credentials.secret }}, key: {{ $bus.rabbitmq.credentials.usernameKey | quote }} }
- name: Bus__RabbitMq__Password
  valueFrom:
    secretKeyRef: { name: {{ $bus.rabbitmq.credentials.secret }}, key: {{ $bus.rabbitmq.credentials.passwordKey | quote }} }
{{- end }}
{{- end -}}
