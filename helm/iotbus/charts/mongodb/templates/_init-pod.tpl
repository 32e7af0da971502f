{{/* The pod that makes the replica set and its users. */}}
{{- define "mongodb.initPod" -}}
{{- $part := dict "root" $ "component" "mongodb-init" -}}
metadata:
  labels:
    {{- include "iotbus.podLabels" $part | nindent 4 }}
spec:
  restartPolicy: OnFailure
  serviceAccountName: {{ include "iotbus.mongodb.name" $part }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  priorityClassName: {{ .Values.global.priorityClasses.jobs }}
  terminationGracePeriodSeconds: 10
  securityContext:
    {{- include "iotbus.podSecurity" (dict "user" 999) | nindent 4 }}
  {{- with include "iotbus.pullSecrets" $ | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  containers:
    - name: init
      image: {{ include "iotbus.foreignImage" .Values.image }}
      imagePullPolicy: IfNotPresent
      securityContext:
        {{- include "iotbus.containerSecurity" $ | nindent 8 }}
      command: [mongosh, --quiet, --nodb, --file, /etc/iotbus-scripts/init.js]
      env:
        - { name: MEMBERS, value: {{ include "iotbus.mongodb.members" $part | quote }} }
        - { name: DATABASE, value: {{ .Values.global.mongodb.database | quote }} }
        - { name: HOME, value: /tmp }
      resources:
        {{- toYaml .Values.init.resources | nindent 8 }}
      volumeMounts:
        - { name: tmp, mountPath: /tmp }
        - { name: auth, mountPath: /etc/iotbus, readOnly: true }
        - { name: scripts, mountPath: /etc/iotbus-scripts, readOnly: true }
  volumes:
    {{- include "iotbus.tmpVolume" . | nindent 4 }}
    - name: auth
      secret:
        secretName: {{ include "iotbus.mongodb.authSecret" $part }}
        defaultMode: 0440
    - name: scripts
      configMap:
        name: {{ include "iotbus.mongodb.name" $part }}-scripts
{{- end -}}
