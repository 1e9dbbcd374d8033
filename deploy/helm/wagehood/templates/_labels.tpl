{{/* Labels of an object; takes {name, root}. */}}
{{- define "wagehood.labels" -}}
{{- if .name -}}
app.kubernetes.io/name: {{ .name }}
{{ end -}}
app.kubernetes.io/part-of: wagehood
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
{{- end }}
