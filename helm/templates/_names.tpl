{{- /* Names and labels every template uses, and the checks across values that a schema cannot say. */ -}}

{{- define "sealtape.name" -}}
{{- if contains "sealtape" .Release.Name }}{{ .Release.Name | trunc 48 | trimSuffix "-" }}{{ else }}{{ printf "%s-sealtape" .Release.Name | trunc 48 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "sealtape.selector" -}}
app.kubernetes.io/name: sealtape
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "sealtape.labels" -}}
{{ include "sealtape.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "sealtape.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (include "sealtape.name" .) }}
{{- end }}

{{- define "sealtape.image" -}}
{{- if .Values.image.digest }}{{ .Values.image.repository }}@{{ .Values.image.digest }}{{ else }}{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{- /* Host of an origin, without scheme and port. */ -}}
{{- define "sealtape.host" -}}
{{ . | trimPrefix "https://" | regexFind "^[^:]+" }}
{{- end }}

{{- /* The registrable domain, near enough: the last two labels, or three under a country's short second level. The
       program checks the same way and refuses to start; here it is refused before anything is installed. */ -}}
{{- define "sealtape.site" -}}
{{- $labels := splitList "." . -}}
{{- $count := len $labels -}}
{{- $keep := 2 -}}
{{- if and (gt $count 2) (eq (len (last $labels)) 2) (le (len (index $labels (sub $count 2 | int))) 3) -}}
{{- $keep = 3 -}}
{{- end -}}
{{- join "." (slice $labels (max 0 (sub $count $keep) | int)) -}}
{{- end }}

{{- /* What Pod Security "restricted" asks of a pod, and a read-only root on top. */ -}}
{{- define "sealtape.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "sealtape.containerSecurity" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: { drop: [ALL] }
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- /* The environment variable NAME from a {secretName, secretKey}. */ -}}
{{- define "sealtape.secretEnv" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef: { name: {{ .ref.secretName | quote }}, key: {{ .ref.secretKey | quote }} }
{{- end }}

{{- define "sealtape.check" -}}
{{- $console := include "sealtape.host" .Values.origins.console -}}
{{- $replay := include "sealtape.host" .Values.origins.replay -}}
{{- if eq $console $replay -}}
{{- fail "origins.replay must be another host than origins.console: recordings are hostile input, and cookies ignore ports" -}}
{{- end -}}
{{- if eq (include "sealtape.site" $console) (include "sealtape.site" $replay) -}}
{{- fail "origins.replay must be under another registrable domain than origins.console, not only another subdomain" -}}
{{- end -}}
{{- if not .Values.rootKey.acceptFileKeyring -}}
{{- fail "rootKey.acceptFileKeyring: the file keyring is the only root key of this version; say true to accept that whoever reads the state volume holds it" -}}
{{- end -}}
{{- range $reserved := list "server" "database" "keys" "storage" "mail" "log" -}}
{{- if hasKey $.Values.config $reserved -}}
{{- fail (printf "config.%s is written by the chart from its own values" $reserved) -}}
{{- end -}}
{{- end -}}
{{- end }}
