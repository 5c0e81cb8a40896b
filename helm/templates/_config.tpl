{{- /* sealtape.toml. The keys are those of docs/src/operations/configuration.md. */ -}}
{{- define "sealtape.config" -}}
[server]
listen = "0.0.0.0:8080"
metrics_listen = "0.0.0.0:9090"
console_origin = {{ .Values.origins.console | quote }}
replay_origin = {{ .Values.origins.replay | quote }}

[storage]
data = "/var/lib/sealtape"
state = "/var/lib/sealtape-state"

[keys]
accept_file_keyring = {{ .Values.rootKey.acceptFileKeyring }}

[mail]
{{- with .Values.mail.from }}
from = {{ . | quote }}
{{- end }}
language = {{ .Values.mail.language | quote }}

[log]
filter = {{ .Values.log.filter | quote }}
format = {{ .Values.log.format | quote }}
{{ range $section, $settings := .Values.config }}
[{{ $section }}]
{{ toToml $settings }}
{{- end }}
{{- end }}
