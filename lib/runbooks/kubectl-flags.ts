/**
 * Which flags of kubectl take a value and which are switches, by verb. Source: `kubectl options` and
 * `kubectl VERB --help` of 1.32. A flag that stands in neither list makes the line manual, since what
 * follows it could be its value or an argument.
 */
const VALUE_EVERYWHERE =
  'namespace context cluster user kubeconfig server token as as-group request-timeout v certificate-authority client-key client-certificate cache-dir tls-server-name profile'
const SWITCH_EVERYWHERE = 'help insecure-skip-tls-verify match-server-version warnings-as-errors'

const VALUE: Record<string, string> = {
  get: 'output selector field-selector sort-by label-columns chunk-size template filename kustomize raw subresource',
  describe: 'selector filename kustomize chunk-size',
  logs: 'container since since-time tail limit-bytes selector max-log-requests pod-running-timeout',
  exec: 'container filename pod-running-timeout',
  rsh: 'container shell timeout',
  rollout: 'to-revision revision dry-run timeout filename kustomize selector output field-manager',
  scale: 'replicas current-replicas resource-version dry-run timeout filename selector output kustomize',
  patch: 'patch patch-file type output filename dry-run subresource field-manager',
  delete: 'selector filename field-selector grace-period timeout output dry-run cascade kustomize',
  top: 'selector field-selector sort-by',
  set: 'requests limits containers env from keys prefix selector filename output dry-run field-manager resource-version',
  create:
    'from-literal from-file from-env-file type output filename dry-run image schedule from duration save-config class rule validate',
  apply: 'filename output dry-run selector kustomize field-manager prune-allowlist validate',
  autoscale: 'min max cpu-percent name output dry-run filename',
  auth: 'subresource list',
  events: 'for types output chunk-size',
  wait: 'for timeout selector filename output field-selector',
  annotate: 'selector filename output dry-run field-selector resource-version',
  label: 'selector filename output dry-run field-selector resource-version',
  drain: 'grace-period timeout selector pod-selector chunk-size skip-wait-for-delete-timeout dry-run',
  cordon: 'selector dry-run',
  uncordon: 'selector dry-run',
}

const SWITCH: Record<string, string> = {
  get: 'all-namespaces watch watch-only no-headers show-labels show-kind ignore-not-found allow-missing-template-keys recursive show-managed-fields',
  describe: 'all-namespaces show-events recursive',
  logs: 'follow previous timestamps all-containers all-pods prefix ignore-errors insecure-skip-tls-verify-backend',
  exec: 'stdin tty quiet',
  rsh: 'no-tty tty',
  rollout: 'watch recursive show-managed-fields allow-missing-template-keys',
  scale: 'all',
  patch: 'local record recursive',
  delete: 'all all-namespaces force ignore-not-found now wait recursive interactive',
  top: 'all-namespaces containers no-headers sum use-protocol-buffers',
  set: 'all local overwrite list resolve recursive',
  create: 'append-hash edit record windows-line-endings show-managed-fields',
  apply: 'all force prune server-side wait record recursive overwrite force-conflicts openapi-patch',
  autoscale: 'record recursive',
  auth: 'all-namespaces quiet no-headers',
  events: 'all-namespaces watch no-headers',
  wait: 'all all-namespaces local recursive',
  annotate: 'all all-namespaces overwrite list local recursive',
  label: 'all all-namespaces overwrite list local recursive',
  drain: 'ignore-daemonsets delete-emptydir-data force disable-eviction',
  cordon: '',
  uncordon: '',
}

const SHORT: Record<string, Record<string, string>> = {
  '': {
    n: 'namespace',
    A: 'all-namespaces',
    l: 'selector',
    o: 'output',
    f: 'filename',
    h: 'help',
    s: 'server',
    k: 'kustomize',
  },
  get: { w: 'watch', L: 'label-columns', R: 'recursive' },
  logs: { f: 'follow', p: 'previous', c: 'container' },
  exec: { i: 'stdin', t: 'tty', c: 'container', q: 'quiet' },
  rsh: { c: 'container', t: 'tty', T: 'no-tty' },
  patch: { p: 'patch' },
  set: { e: 'env', c: 'containers' },
  events: { w: 'watch' },
  rollout: { w: 'watch' },
}

const has = (table: Record<string, string>, verb: string, name: string) =>
  ` ${table[verb] ?? ''} `.includes(` ${name} `)

export const VERBS: ReadonlySet<string> = new Set(Object.keys(VALUE))

/** Long name of a short flag of that verb. */
export function longName(verb: string, short: string): string | undefined {
  return SHORT[verb]?.[short] ?? SHORT['']?.[short]
}

/** Whether a flag takes a value, is a switch, or is not known for the verb. */
export function flagKind(verb: string, name: string): 'value' | 'switch' | undefined {
  if (has(VALUE, verb, name) || ` ${VALUE_EVERYWHERE} `.includes(` ${name} `)) return 'value'
  if (has(SWITCH, verb, name) || ` ${SWITCH_EVERYWHERE} `.includes(` ${name} `)) return 'switch'
  return undefined
}
