{{/* How fast replicas come and go: up at once, down slowly. */}}
{{- define "autoscaling.behavior" -}}
scaleUp:
  stabilizationWindowSeconds: 0
  selectPolicy: Max
  policies:
    - { type: Percent, value: 100, periodSeconds: 15 }
    - { type: Pods, value: 2, periodSeconds: 15 }
scaleDown:
  stabilizationWindowSeconds: 60
  selectPolicy: Max
  policies:
    - { type: Percent, value: 50, periodSeconds: 15 }
    - { type: Pods, value: 1, periodSeconds: 15 }
{{- end -}}

{{/* Most replicas of a component: of Processors never more than have a partition to work on. Takes root and component. */}}
{{- define "autoscaling.max" -}}
{{- $max := int (index .root.Values .component).max -}}
{{- if eq .component "processors" -}}
{{- $topics := .root.Values.global.topics -}}
{{- $max = min $max (max (int $topics.telemetry.partitions) (int $topics.alerts.partitions)) -}}
{{- end -}}
{{- $max -}}
{{- end -}}
