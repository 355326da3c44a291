/**
 * Which flags of kubectl take a value and which are switches, by verb (for a verb with a second word: of all of
 * them). Source: `kubectl options` and `kubectl VERB --help` of 1.32, and `oc rsh --help`. A flag that stands in neither
 * list makes the line manual, since what follows it could be its value or an argument.
 */
const VALUE_EVERYWHERE =
  'namespace context cluster user kubeconfig server token as as-group as-uid request-timeout v vmodule certificate-authority client-key client-certificate cache-dir tls-server-name profile profile-output username password log-flush-frequency'
const SWITCH_EVERYWHERE =
  'help insecure-skip-tls-verify match-server-version warnings-as-errors disable-compression'

/** Flags whose value may be left out: alone, they never take the next word. */
const OPTIONAL = new Set(['dry-run', 'validate', 'cascade'])

const VALUE: Record<string, string> = {
  get: 'chunk-size field-selector filename kustomize label-columns output raw selector sort-by subresource template',
  describe: 'chunk-size filename kustomize selector',
  logs: 'container limit-bytes max-log-requests pod-running-timeout selector since since-time tail',
  exec: 'container filename pod-running-timeout',
  rollout: 'dry-run field-manager filename kustomize output revision selector template timeout to-revision',
  scale:
    'current-replicas dry-run filename kustomize output replicas resource-version selector template timeout',
  patch: 'dry-run field-manager filename kustomize output patch patch-file subresource template type',
  delete: 'cascade dry-run field-selector filename grace-period kustomize output raw selector timeout',
  top: 'field-selector selector sort-by',
  set: 'containers dry-run env field-manager filename from group keys kustomize limits output prefix requests resource-version selector serviceaccount template user',
  create:
    'aggregation-rule annotation audience bound-object-kind bound-object-name bound-object-uid cert class clusterip clusterrole default-backend description docker-email docker-password docker-server docker-username dry-run duration external-name field-manager filename from from-env-file from-file from-literal group hard image key kustomize max-unavailable min-available node-port non-resource-url output port preemption-policy raw replicas resource resource-name restart role rule schedule scopes selector serviceaccount tcp template type user validate value verb',
  apply:
    'cascade dry-run field-manager filename grace-period kustomize output prune-allowlist selector subresource template timeout validate',
  replace:
    'cascade dry-run field-manager filename grace-period kustomize output raw subresource template timeout validate',
  autoscale: 'cpu-percent dry-run field-manager filename kustomize max min name output template',
  auth: 'dry-run filename kustomize output subresource template',
  events: 'chunk-size for output template types',
  wait: 'field-selector filename for output selector template timeout',
  annotate:
    'dry-run field-manager field-selector filename kustomize output resource-version selector template',
  label: 'dry-run field-manager field-selector filename kustomize output resource-version selector template',
  drain: 'chunk-size dry-run grace-period pod-selector selector skip-wait-for-delete-timeout timeout',
  cordon: 'dry-run selector',
  uncordon: 'dry-run selector',
  taint: 'dry-run field-manager output selector template validate',
  expose:
    'cluster-ip dry-run external-ip field-manager filename kustomize labels load-balancer-ip name output override-type overrides port protocol selector session-affinity target-port template type',
  run: 'annotations cascade dry-run env field-manager filename grace-period image image-pull-policy kustomize labels output override-type overrides pod-running-timeout port restart template timeout',
  debug: 'container copy-to custom env filename image image-pull-policy profile set-image target',
  explain: 'api-version output',
  'api-resources': 'api-group categories output sort-by verbs',
  'api-versions': '',
  version: 'output',
  'cluster-info': 'namespaces output output-directory pod-running-timeout template',
  certificate: 'filename kustomize output template',
  rsh: 'container shell timeout',
}

const SWITCH: Record<string, string> = {
  get: 'all-namespaces allow-missing-template-keys ignore-not-found no-headers output-watch-events recursive server-print show-kind show-labels show-managed-fields watch watch-only',
  describe: 'all-namespaces recursive show-events',
  logs: 'all-containers all-pods follow ignore-errors insecure-skip-tls-verify-backend prefix previous timestamps',
  exec: 'quiet stdin tty',
  rollout: 'allow-missing-template-keys recursive show-managed-fields watch',
  scale: 'all allow-missing-template-keys recursive show-managed-fields',
  patch: 'allow-missing-template-keys local recursive show-managed-fields',
  delete: 'all all-namespaces force ignore-not-found interactive now recursive wait',
  top: 'all-namespaces containers no-headers show-capacity sum use-protocol-buffers',
  set: 'all allow-missing-template-keys list local overwrite recursive resolve show-managed-fields',
  create:
    'allow-missing-template-keys append-hash edit global-default recursive save-config show-managed-fields windows-line-endings',
  apply:
    'all allow-missing-template-keys force force-conflicts openapi-patch overwrite prune recursive server-side show-managed-fields wait',
  replace: 'allow-missing-template-keys force recursive save-config show-managed-fields wait',
  autoscale: 'allow-missing-template-keys recursive save-config show-managed-fields',
  auth: 'all-namespaces allow-missing-template-keys list no-headers quiet recursive remove-extra-permissions remove-extra-subjects show-managed-fields',
  events: 'all-namespaces allow-missing-template-keys no-headers show-managed-fields watch',
  wait: 'all all-namespaces allow-missing-template-keys local recursive show-managed-fields',
  annotate:
    'all all-namespaces allow-missing-template-keys list local overwrite recursive show-managed-fields',
  label: 'all all-namespaces allow-missing-template-keys list local overwrite recursive show-managed-fields',
  drain: 'delete-emptydir-data disable-eviction force ignore-daemonsets',
  cordon: '',
  uncordon: '',
  taint: 'all allow-missing-template-keys overwrite show-managed-fields',
  expose: 'allow-missing-template-keys recursive save-config show-managed-fields',
  run: 'allow-missing-template-keys attach command expose force leave-stdin-open privileged quiet recursive rm save-config show-managed-fields stdin tty wait',
  debug:
    'arguments-only attach keep-annotations keep-init-containers keep-labels keep-liveness keep-readiness keep-startup quiet replace same-node share-processes stdin tty',
  explain: 'recursive',
  'api-resources': 'cached namespaced no-headers',
  'api-versions': '',
  version: 'client',
  'cluster-info': 'all-namespaces allow-missing-template-keys show-managed-fields',
  certificate: 'allow-missing-template-keys force recursive show-managed-fields',
  rsh: 'no-tty tty',
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
    v: 'v',
  },
  get: { L: 'label-columns', R: 'recursive', w: 'watch' },
  describe: { R: 'recursive' },
  logs: { c: 'container', f: 'follow', p: 'previous' },
  exec: { c: 'container', q: 'quiet', i: 'stdin', t: 'tty' },
  rollout: { R: 'recursive', w: 'watch' },
  scale: { R: 'recursive' },
  patch: { p: 'patch', R: 'recursive' },
  delete: { i: 'interactive', R: 'recursive' },
  set: { c: 'containers', e: 'env', R: 'recursive' },
  create: { R: 'recursive', r: 'replicas' },
  apply: { R: 'recursive' },
  replace: { R: 'recursive' },
  autoscale: { R: 'recursive' },
  auth: { q: 'quiet', R: 'recursive' },
  events: { w: 'watch' },
  wait: { R: 'recursive' },
  annotate: { R: 'recursive' },
  certificate: { R: 'recursive' },
  label: { R: 'recursive' },
  expose: { l: 'labels', R: 'recursive' },
  run: { l: 'labels', q: 'quiet', R: 'recursive', i: 'stdin', t: 'tty' },
  debug: { c: 'container', q: 'quiet', i: 'stdin', t: 'tty' },
  rsh: { c: 'container', t: 'tty', T: 'no-tty' },
}

const has = (table: Record<string, string>, verb: string, name: string) =>
  ` ${table[verb] ?? ''} `.includes(` ${name} `)

export const VERBS: ReadonlySet<string> = new Set(Object.keys(VALUE))

/** Long name of a short flag of that verb. */
export function longName(verb: string, short: string): string | undefined {
  return SHORT[verb]?.[short] ?? SHORT['']?.[short]
}

/** Whether a flag takes a value, may take one (`optional`: only after `=`), is a switch, or is not known for the verb. */
export function flagKind(verb: string, name: string): 'value' | 'optional' | 'switch' | undefined {
  if (has(VALUE, verb, name) || ` ${VALUE_EVERYWHERE} `.includes(` ${name} `))
    return OPTIONAL.has(name) ? 'optional' : 'value'
  if (has(SWITCH, verb, name) || ` ${SWITCH_EVERYWHERE} `.includes(` ${name} `)) return 'switch'
  return undefined
}
