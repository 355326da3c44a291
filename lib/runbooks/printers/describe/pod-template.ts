import 'server-only'
import type { V1PodTemplateSpec, V1Toleration, V1TopologySpreadConstraint } from '@kubernetes/client-node'
import { inTurn, writeContainers } from './containers'
import { selectorText } from './selectors'
import { writeVolumes } from './volumes'
import type { Writer } from './writer'

/** `Pod Template:` of a workload. */
export function writePodTemplate(w: Writer, template: V1PodTemplateSpec | undefined) {
  w.row(0, 'Pod Template:')
  if (!template) return w.write(1, '<unset>')
  const { metadata, spec } = template
  w.labels('  Labels', metadata?.labels)
  if (Object.keys(metadata?.annotations ?? {}).length > 0)
    w.annotations('  Annotations', metadata?.annotations)
  if (spec?.serviceAccountName) w.row(1, 'Service Account:', spec.serviceAccountName)
  if (spec?.initContainers?.length)
    writeContainers(w, { title: 'Init Containers', containers: spec.initContainers, margin: '  ' })
  writeContainers(w, { title: 'Containers', containers: spec?.containers ?? [], margin: '  ' })
  writeVolumes(w, spec?.volumes, '  ')
  writeSpread(w, spec?.topologySpreadConstraints, '  ')
  if (spec?.priorityClassName) w.row(1, 'Priority Class Name:', spec.priorityClassName)
  w.labels('  Node-Selectors', spec?.nodeSelector)
  w.list('  Tolerations', tolerationsOf(spec?.tolerations))
}

/** Topology spread constraints by key, where there are any. */
export function writeSpread(
  w: Writer,
  constraints: readonly V1TopologySpreadConstraint[] | undefined,
  margin: '' | '  ',
): void {
  if (!constraints?.length) return
  w.list(
    `${margin}Topology Spread Constraints`,
    inTurn(constraints, 'topologyKey').map((one) => {
      const selector = one.labelSelector ? ` for selector ${selectorText(one.labelSelector) || '<none>'}` : ''
      return `${one.topologyKey}:${one.whenUnsatisfiable} when max skew ${one.maxSkew} is exceeded${selector}`
    }),
  )
}

/** Tolerations by key, a text each: `key=value:NoExecute op=Exists for 300s`. */
export function tolerationsOf(tolerations: readonly V1Toleration[] | undefined): string[] {
  return inTurn(tolerations, 'key').map(({ key = '', operator, value, effect, tolerationSeconds }) => {
    const what = `${key}${value ? `=${value}` : ''}${effect ? `:${effect}` : ''}`
    const exists = operator === 'Exists' && !value ? `${key || effect ? ' ' : ''}op=Exists` : ''
    const seconds = typeof tolerationSeconds === 'number' ? ` for ${tolerationSeconds}s` : ''
    return what + exists + seconds
  })
}
