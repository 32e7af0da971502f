{{/*
A service's Deployment. Beside root and component it takes config (the rendered ConfigMap, for its checksum), env (a list of variables by reference, as
YAML), kafka (whether it mounts Kafka's certificate authority), busCa (the Secret with RabbitMQ's, if any), kubernetes (whether it speaks to Kubernetes' API, as its
service account) and surge (whether a new pod comes before an old one goes).
*/}}
{{- define "iotbus.deployment" -}}
{{- $values := .root.Values -}}
{{- $ca := dict -}}
{{- if .kafka }}{{ $ca = include "iotbus.kafka.ca" . | fromJson }}{{ end -}}
{{- $authorities := dict "kafka" $ca "rabbitmq" (.busCa | default dict) -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "iotbus.metadata" . | nindent 2 }}
spec:
  {{- if not (kindIs "invalid" $values.replicas) }}
  replicas: {{ $values.replicas }}
  {{- end }}
  revisionHistoryLimit: 3
  strategy:
    type: RollingUpdate
    rollingUpdate:
      {{- if .surge }}
      maxSurge: 1
      maxUnavailable: 0
      {{- else }}
      maxSurge: 0
      maxUnavailable: 1
      {{- end }}
  selector:
    matchLabels:
      {{- include "iotbus.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "iotbus.podLabels" . | nindent 8 }}
      annotations:
        checksum/config: {{ .config | sha256sum }}
        {{- if eq $values.global.monitoring.scrape "annotations" }}
        prometheus.io/scrape: "true"
        prometheus.io/port: {{ $values.managementPort | quote }}
        prometheus.io/path: /metrics
        {{- end }}
        {{- with $values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "iotbus.name" . }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      priorityClassName: {{ $values.global.priorityClasses.services }}
      # What is under way may take until the shutdown's bound; then there is still time to say so and go.
      terminationGracePeriodSeconds: {{ add ($values.drainSeconds | default 0) $values.shutdownSeconds 10 }}
      securityContext:
        {{- include "iotbus.podSecurity" (dict "user" 1654) | nindent 8 }}
      {{- with include "iotbus.pullSecrets" .root | trim }}
      {{- . | nindent 6 }}
      {{- end }}
      {{- include "iotbus.spread" . | nindent 6 }}
      {{- with $values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .component }}
          image: {{ include "iotbus.image" . }}
          imagePullPolicy: {{ $values.global.image.pullPolicy }}
          securityContext:
            {{- include "iotbus.containerSecurity" . | nindent 12 }}
          ports:
            {{- if hasKey $values "port" }}
            - { name: http, containerPort: {{ $values.port }} }
            {{- end }}
            - { name: management, containerPort: {{ $values.managementPort }} }
          envFrom:
            - configMapRef:
                name: {{ include "iotbus.name" . }}
            {{- if and .edge (eq $values.global.edge.mode "Embedded") }}
            - secretRef:
                name: {{ $values.global.edge.consumersSecret }}
            {{- end }}
          {{- with .env | trim }}
          env:
            {{- . | nindent 12 }}
          {{- end }}
          startupProbe:
            httpGet: { path: /health/live, port: management }
            periodSeconds: 2
            timeoutSeconds: 2
            failureThreshold: 30
          livenessProbe:
            httpGet: { path: /health/live, port: management }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 3
          # It asks Kafka or MongoDB, within 5 s.
          readinessProbe:
            httpGet: { path: /health/ready, port: management }
            periodSeconds: 5
            timeoutSeconds: 6
            failureThreshold: 2
          {{- with $values.drainSeconds }}
          lifecycle:
            preStop:
              # Meanwhile the edge learns that this pod takes no more.
              sleep: { seconds: {{ . }} }
          {{- end }}
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          volumeMounts:
            - { name: tmp, mountPath: /tmp }
            {{- if .kubernetes }}
            - { name: kubernetes-api, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true }
            {{- end }}
            {{- range $broker, $secret := $authorities }}
            {{- if $secret.name }}
            - { name: {{ $broker }}-ca, mountPath: /etc/iotbus/{{ $broker }}, readOnly: true }
            {{- end }}
            {{- end }}
      volumes:
        {{- include "iotbus.tmpVolume" . | nindent 8 }}
        {{- if .kubernetes }}
        - name: kubernetes-api
          projected:
            sources:
              - serviceAccountToken: { path: token, expirationSeconds: 3600 }
              - configMap:
                  name: kube-root-ca.crt
                  items:
                    - { key: ca.crt, path: ca.crt }
        {{- end }}
        {{- range $broker, $secret := $authorities }}
        {{- if $secret.name }}
        - name: {{ $broker }}-ca
          secret:
            secretName: {{ $secret.name }}
            items:
              - { key: {{ $secret.key | quote }}, path: ca.crt }
        {{- end }}
        {{- end }}
{{- end -}}
