{{/* Where the services find Kafka, MongoDB and their credentials. Every template takes root and, where it says so, component. */}}

{{- define "iotbus.duration" -}}
{{- printf "%02d:%02d:%02d" (div (int .) 3600) (div (mod (int .) 3600) 60) (mod (int .) 60) -}}
{{- end -}}

{{/* The name of the Kafka cluster that the chart runs. */}}
{{- define "iotbus.kafka.cluster" -}}
{{- include "iotbus.name" (dict "root" .root "component" "kafka") -}}
{{- end -}}

{{- define "iotbus.kafka.bootstrapServers" -}}
{{- $own := printf "%s-kafka-bootstrap.%s.svc:9093" (include "iotbus.kafka.cluster" .) (include "iotbus.namespace.kafka" .root) -}}
{{- .root.Values.global.kafka.bootstrapServers | default $own -}}
{{- end -}}

{{/* A component's user: the name of the KafkaUser, which Strimzi's Secret has too. */}}
{{- define "iotbus.kafka.username" -}}
{{- if .root.Values.global.kafka.bootstrapServers -}}
{{- (index .root.Values.global.kafka.credentials .component).username -}}
{{- else -}}
{{- include "iotbus.name" (dict "root" .root "component" (printf "kafka-%s" .component)) -}}
{{- end -}}
{{- end -}}

{{/* The Secret with the user's password, and its key, as JSON. */}}
{{- define "iotbus.kafka.password" -}}
{{- if .root.Values.global.kafka.bootstrapServers -}}
{{- $credentials := index .root.Values.global.kafka.credentials .component -}}
{{- dict "name" $credentials.secret "key" $credentials.key | toJson -}}
{{- else -}}
{{- dict "name" (include "iotbus.kafka.username" .) "key" "password" | toJson -}}
{{- end -}}
{{- end -}}

{{/* The Secret with the certificate authority, and its key, as JSON; the name is empty where the system's authorities do. */}}
{{- define "iotbus.kafka.ca" -}}
{{- if .root.Values.global.kafka.bootstrapServers -}}
{{- .root.Values.global.kafka.caSecret | toJson -}}
{{- else -}}
{{- dict "name" (printf "%s-cluster-ca-cert" (include "iotbus.kafka.cluster" .)) "key" "ca.crt" | toJson -}}
{{- end -}}
{{- end -}}

{{/* Settings of a service that speaks with Kafka, for its ConfigMap. */}}
{{- define "iotbus.kafka.settings" -}}
{{- $kafka := .root.Values.global.kafka -}}
{{- $own := not $kafka.bootstrapServers -}}
{{- $protocol := ternary "SaslSsl" $kafka.protocol $own -}}
KAFKA_BOOTSTRAP_SERVERS: {{ include "iotbus.kafka.bootstrapServers" . | quote }}
Kafka__Security__Protocol: {{ $protocol }}
{{- if hasPrefix "Sasl" $protocol }}
Kafka__Security__Mechanism: {{ ternary "ScramSha512" $kafka.mechanism $own }}
Kafka__Security__Username: {{ include "iotbus.kafka.username" . | quote }}
{{- end }}
{{- if and (hasSuffix "Ssl" $protocol) (include "iotbus.kafka.ca" . | fromJson).name }}
Kafka__Security__CaLocation: /etc/iotbus/kafka/ca.crt
{{- end }}
Topics__Telemetry__Name: {{ .root.Values.global.topics.telemetry.name | quote }}
Topics__Alerts__Name: {{ .root.Values.global.topics.alerts.name | quote }}
{{- end -}}

{{/* The password of a service that speaks with Kafka, by reference. */}}
{{- define "iotbus.kafka.env" -}}
{{- $kafka := .root.Values.global.kafka -}}
{{- if or (not $kafka.bootstrapServers) (hasPrefix "Sasl" $kafka.protocol) }}
- name: Kafka__Security__Password
  valueFrom:
    secretKeyRef: {{ include "iotbus.kafka.password" . }}
{{- end }}
{{- end -}}

{{- define "iotbus.mongodb.name" -}}
{{- include "iotbus.name" (dict "root" .root "component" "mongodb") -}}
{{- end -}}

{{/* The Secret with the passwords of the replica set that the chart runs. */}}
{{- define "iotbus.mongodb.authSecret" -}}
{{- .root.Values.global.mongodb.auth.existingSecret | default (printf "%s-auth" (include "iotbus.mongodb.name" .)) -}}
{{- end -}}

{{/* The one with Reporting's password alone, in Reporting's namespace. */}}
{{- define "iotbus.mongodb.reportingSecret" -}}
{{- $auth := .root.Values.global.mongodb.auth -}}
{{- coalesce $auth.existingReportingSecret $auth.existingSecret (printf "%s-reporting" (include "iotbus.mongodb.name" .)) -}}
{{- end -}}

{{/* The members of the replica set that the chart runs, host:port, separated by commas. */}}
{{- define "iotbus.mongodb.members" -}}
{{- $name := include "iotbus.mongodb.name" . -}}
{{- $namespace := include "iotbus.namespace.kafka" .root -}}
{{- $members := list -}}
{{- range $i := until (int .root.Values.global.mongodb.members) -}}
{{- $members = append $members (printf "%s-%d.%s.%s.svc:27017" $name $i $name $namespace) -}}
{{- end -}}
{{- join "," $members -}}
{{- end -}}

{{/* Settings of a service that speaks with MongoDB, for its ConfigMap: never a password. */}}
{{- define "iotbus.mongodb.settings" -}}
{{- $mongodb := .root.Values.global.mongodb -}}
{{- if $mongodb.external.uri -}}
MONGODB_URI: {{ $mongodb.external.uri | quote }}
{{- with (index $mongodb.external.credentials .component).username }}
MongoDb__Username: {{ . | quote }}
{{- end }}
{{- else -}}
MONGODB_URI: {{ printf "mongodb://%s/?replicaSet=rs0&authSource=admin" (include "iotbus.mongodb.members" .) | quote }}
MongoDb__Username: {{ .component }}
{{- end }}
MongoDb__Database: {{ $mongodb.database | quote }}
{{- end -}}

{{/* The password of a service that speaks with MongoDB, by reference. */}}
{{- define "iotbus.mongodb.env" -}}
{{- $external := .root.Values.global.mongodb.external -}}
{{- if not $external.uri }}
- name: MongoDb__Password
  valueFrom:
    secretKeyRef:
      name: {{ include (ternary "iotbus.mongodb.reportingSecret" "iotbus.mongodb.authSecret" (eq .component "reporting")) . }}
      key: {{ .component }}-password
{{- else if (index $external.credentials .component).username }}
- name: MongoDb__Password
  valueFrom:
    secretKeyRef:
      name: {{ (index $external.credentials .component).secret }}
      key: {{ (index $external.credentials .component).key }}
{{- end }}
{{- end -}}
