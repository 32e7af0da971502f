{{/*
"yes" where an object of the kind is to be rendered. A cluster is known by a kind that only a real API server has: without one (helm template)
everything is rendered. Takes root and api, such as monitoring.coreos.com/v1/ServiceMonitor.
*/}}
{{- define "iotbus.renders" -}}
{{- $has := .root.Capabilities.APIVersions.Has .api -}}
{{- $cluster := .root.Capabilities.APIVersions.Has "apiregistration.k8s.io/v1" -}}
{{- if or $has (not $cluster) (ne .root.Values.global.missingKinds "omit") -}}
yes
{{- end -}}
{{- end -}}
