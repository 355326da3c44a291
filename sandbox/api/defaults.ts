interface Probe {
  timeoutSeconds?: number
  periodSeconds?: number
  successThreshold?: number
  failureThreshold?: number
  httpGet?: { scheme?: string }
}

interface PodSpec {
  containers?: {
    ports?: { protocol?: string }[]
    readinessProbe?: Probe
    livenessProbe?: Probe
    startupProbe?: Probe
    imagePullPolicy?: string
  }[]
}

/** Fills in what the API server fills in (SetDefaults_* of k8s.io/kubernetes/pkg/apis/core/v1). */
export function setPodDefaults(spec: PodSpec): void {
  for (const container of spec.containers ?? []) {
    container.imagePullPolicy ??= 'IfNotPresent'
    for (const port of container.ports ?? []) port.protocol ??= 'TCP'
    for (const probe of [container.readinessProbe, container.livenessProbe, container.startupProbe]) {
      if (!probe) continue
      probe.timeoutSeconds ??= 1
      probe.periodSeconds ??= 10
      probe.successThreshold ??= 1
      probe.failureThreshold ??= 3
      if (probe.httpGet) probe.httpGet.scheme ??= 'HTTP'
    }
  }
}
