{{/* The image of one of our services, from registry, service and tag. */}}
{{- define "iotbus.image" -}}
{{- $image := .root.Values.global.image -}}
{{- printf "%s/%s:%s" $image.repository .component ($image.tag | default .root.Chart.AppVersion) -}}
{{- end -}}

{{/* Somebody else's image: a digest counts more than a tag. Takes the image. */}}
{{- define "iotbus.foreignImage" -}}
{{- if .digest -}}
{{- printf "%s@%s" .repository .digest -}}
{{- else -}}
{{- printf "%s:%s" .repository .tag -}}
{{- end -}}
{{- end -}}

{{/* The registry's credentials, as part of a pod's spec. Takes the root context. */}}
{{- define "iotbus.pullSecrets" -}}
{{- with .Values.global.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}
