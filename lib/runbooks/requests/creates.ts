import { isPlaceholder, type KubectlCommand } from '../command'
import { type NamedType, typeOf, typeOfManifest } from '../kubectl-resources'
import { quotaRequests, roleRequests } from './creates-policies'
import { flag, flagList, namespaceOf, objectsOf, placeOf, typeOfArgument } from './place'
import { type ApiRequest, get, pathOf, type Requests, STAND_IN, send } from './request'
import { yamlDocuments } from './yaml'

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64')
const known = (name: string) => typeOf(name) as NamedType

/** An object as `kubectl create` writes it: the namespace only where the line names one. */
function metadata(command: KubectlCommand, name: string, namespaced = true, more: object = {}) {
  return {
    name,
    ...(namespaced && command.namespace !== undefined ? { namespace: command.namespace } : {}),
    creationTimestamp: null,
    ...more,
  }
}

function post(command: KubectlCommand, type: NamedType, body: unknown): Requests {
  return { requests: [send('POST', pathOf(type, namespaceOf(command)), body)] }
}

/** Names of `create KIND …`, without the words before them. */
function wordsOf(command: KubectlCommand): string[] {
  return command.resources.map((one) => one.name ?? '')
}

/** `kubectl create KIND NAME …`. What is not listed here is for a person. */
export function createRequests(command: KubectlCommand): Requests {
  if (flag(command, 'filename') !== undefined) return manifestRequests(command)
  const words = wordsOf(command)
  switch (command.subverb) {
    case 'namespace':
    case 'ns':
      return named(words, (name) =>
        post(command, known('namespaces'), {
          kind: 'Namespace',
          apiVersion: 'v1',
          metadata: metadata(command, name, false),
          spec: {},
          status: {},
        }),
      )
    case 'serviceaccount':
    case 'sa':
      return named(words, (name) =>
        post(command, known('serviceaccounts'), {
          kind: 'ServiceAccount',
          apiVersion: 'v1',
          metadata: metadata(command, name),
        }),
      )
    case 'configmap':
    case 'cm':
      return named(words, (name) => {
        const data = literals(command)
        return typeof data === 'string'
          ? { manual: data }
          : post(command, known('configmaps'), {
              kind: 'ConfigMap',
              apiVersion: 'v1',
              metadata: metadata(command, name),
              ...(data.length > 0 ? { data: Object.fromEntries(data) } : {}),
            })
      })
    case 'clusterrolebinding':
    case 'rolebinding':
      return named(words, (name) => binding(command, name))
    case 'clusterrole':
    case 'role':
      return named(words, (name) => roleRequests(command, name, (...of) => metadata(command, ...of)))
    case 'quota':
    case 'resourcequota':
      return named(words, (name) => quotaRequests(command, name, (...of) => metadata(command, ...of)))
    case 'secret':
      return secret(command, words)
    case 'deployment':
    case 'deploy':
      return named(words, (name) => deployment(command, name))
    case 'job':
      return named(words, (name) => jobFrom(command, name))
    case 'token':
      return named(words, (name) => {
        if (Object.keys(command.flags).length > 0) return { manual: 'It asks for a token of a special kind.' }
        const path = pathOf(known('serviceaccounts'), namespaceOf(command), name, 'token')
        return {
          requests: [
            send('POST', path, {
              kind: 'TokenRequest',
              apiVersion: 'authentication.k8s.io/v1',
              metadata: { creationTimestamp: null },
              spec: { audiences: null, expirationSeconds: null, boundObjectRef: null },
              status: { token: '', expirationTimestamp: null },
            }),
          ],
        }
      })
    default:
      return { manual: `kubectl create ${command.subverb} is not understood yet.` }
  }
}

function named(words: string[], make: (name: string) => Requests): Requests {
  const [name, ...more] = words
  if (!name) return { manual: 'kubectl create lacks a name.' }
  return more.length > 0 ? { manual: 'kubectl create takes one name.' } : make(name)
}

/** `--from-literal=key=value`, keys in order of the alphabet as Go writes maps. */
function literals(command: KubectlCommand): [string, string][] | string {
  const given = command.flags['from-literal']
  const pairs = Array.isArray(given) ? given : typeof given === 'string' ? [given] : []
  if (pairs.some((pair) => pair.indexOf('=') < 1)) return '--from-literal wants key=value.'
  return pairs
    .map((pair): [string, string] => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Who gets a role, in kubectl's order: users, groups, service accounts. */
function binding(command: KubectlCommand, name: string): Requests {
  const everywhere = command.subverb === 'clusterrolebinding'
  const role = flag(command, 'role')
  const clusterRole = flag(command, 'clusterrole')
  if (everywhere ? !clusterRole : (role === undefined) === (clusterRole === undefined))
    return { manual: 'It names no role, or two.' }
  const apiGroup = 'rbac.authorization.k8s.io'
  const subjects: object[] = [
    ...flagList(command, 'user').map((user) => ({ kind: 'User', apiGroup, name: user })),
    ...flagList(command, 'group').map((group) => ({ kind: 'Group', apiGroup, name: group })),
  ]
  for (const account of flagList(command, 'serviceaccount')) {
    const [namespace, own, ...more] = account.split(':')
    if (!namespace || !own || more.length > 0) return { manual: '--serviceaccount wants NAMESPACE:NAME.' }
    subjects.push({ kind: 'ServiceAccount', name: own, namespace })
  }
  return post(command, known(everywhere ? 'clusterrolebindings' : 'rolebindings'), {
    kind: everywhere ? 'ClusterRoleBinding' : 'RoleBinding',
    apiVersion: `${apiGroup}/v1`,
    metadata: metadata(command, name, !everywhere),
    ...(subjects.length > 0 ? { subjects } : {}),
    roleRef: { apiGroup, kind: clusterRole ? 'ClusterRole' : 'Role', name: clusterRole ?? role },
  })
}

function secret(command: KubectlCommand, words: string[]): Requests {
  const [kind, ...names] = words
  const body = (name: string, data: [string, string][], type?: string) =>
    post(command, known('secrets'), {
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: metadata(command, name),
      ...(data.length > 0
        ? { data: Object.fromEntries(data.map(([key, value]) => [key, base64(value)])) }
        : {}),
      ...(type ? { type } : {}),
    })
  if (kind === 'generic')
    return named(names, (name) => {
      const data = literals(command)
      return typeof data === 'string' ? { manual: data } : body(name, data, flag(command, 'type'))
    })
  if (kind !== 'docker-registry') return { manual: 'It makes a secret from files.' }
  return named(names, (name) => {
    const server = flag(command, 'docker-server') ?? 'https://index.docker.io/v1/'
    const username = flag(command, 'docker-username')
    const password = flag(command, 'docker-password')
    const email = flag(command, 'docker-email')
    if (!username || !password) return { manual: 'It lacks --docker-username or --docker-password.' }
    const auths = {
      [server]: { username, password, ...(email ? { email } : {}), auth: base64(`${username}:${password}`) },
    }
    return body(name, [['.dockerconfigjson', JSON.stringify({ auths })]], 'kubernetes.io/dockerconfigjson')
  })
}

function deployment(command: KubectlCommand, name: string): Requests {
  const images = flagList(command, 'image')
  if (images.length === 0) return { manual: 'kubectl create deployment lacks --image.' }
  const port = numberOf(flag(command, 'port'))
  if (flag(command, 'port') !== undefined && port === undefined) return { manual: '--port wants a number.' }
  if (command.inner && images.length > 1)
    return { manual: 'kubectl gives one container a command, not several.' }
  const ports = port === undefined || Number(port) < 0 ? {} : { ports: [{ containerPort: port }] }
  const runs = command.inner?.argv.length ? { command: command.inner.argv } : {}
  const labels = { app: name }
  const container = (image: string) => (image.split('/').at(-1) ?? image).split(/[:@]/)[0] ?? ''
  if (images.some((image) => /[._]/.test(container(image))))
    return { manual: 'kubectl makes up the name of the container, as that of its image cannot be one.' }
  return post(command, known('deployments'), {
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    metadata: metadata(command, name, true, { labels }),
    spec: {
      replicas: Number(flag(command, 'replicas') ?? 1),
      selector: { matchLabels: labels },
      template: {
        metadata: { creationTimestamp: null, labels },
        spec: {
          containers: images.map((image, index) => ({
            name: container(image),
            image,
            ...runs,
            ...(index === 0 ? ports : {}),
            resources: {},
          })),
        },
      },
      strategy: {},
    },
    status: {},
  })
}

/** `create job NAME --from=cronjob/X`: the job's template is the CronJob's, so only that it is read is known. */
function jobFrom(command: KubectlCommand, name: string): Requests {
  const from = flag(command, 'from')
  if (!from) return { manual: 'It makes a job from an image.' }
  const [kind = '', source = ''] = from.split('/')
  if (typeOf(kind)?.kind !== 'CronJob' || source === '')
    return { manual: `--from wants cronjob/NAME, not ${from}.` }
  const namespace = namespaceOf(command)
  return {
    requests: [
      get(pathOf(known('cronjobs'), namespace, source)),
      send('POST', pathOf(known('jobs'), namespace), {
        kind: 'Job',
        apiVersion: 'batch/v1',
        metadata: metadata(command, name, true, {
          annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
          ownerReferences: [
            { apiVersion: 'batch/v1', kind: 'CronJob', name: source, uid: STAND_IN.uid, controller: true },
          ],
        }),
        spec: {},
        status: {},
      }),
    ],
  }
}

/** The objects of a manifest in standard input, each with its path, or why they cannot be told. */
export function manifestsOf(command: KubectlCommand): { path: string; body: unknown }[] | { manual: string } {
  if (flag(command, 'filename') !== '-') return { manual: 'It reads a file of the person who types it.' }
  const { stdin } = command
  if (!stdin?.trim()) return { manual: 'Nothing says what it reads from standard input.' }
  const objects: { path: string; body: unknown }[] = []
  const read = yamlDocuments(stdin)
  if ('problem' in read) return { manual: `The manifest: ${read.problem}` }
  for (const value of read.values) {
    if (typeof value !== 'object' || value === null) continue
    for (const body of listed(value)) {
      const { apiVersion, kind, metadata: meta } = body ?? {}
      const name = meta?.name
      if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string')
        return { manual: 'A manifest lacks apiVersion, kind or metadata.name.' }
      const type = typeOfManifest(apiVersion, kind)
      const place = typeof meta?.namespace === 'string' ? meta.namespace : namespaceOf(command)
      objects.push({ path: pathOf(type, place, name), body })
    }
  }
  return objects.length > 0 ? objects : { manual: 'The manifest is empty.' }
}

type Manifest = { apiVersion?: unknown; kind?: unknown; metadata?: { name?: unknown; namespace?: unknown } }

function listed(value: unknown): Manifest[] {
  const one = value as Manifest & { items?: unknown }
  return one.kind === 'List' && Array.isArray(one.items) ? (one.items as Manifest[]) : [one]
}

/** `kubectl apply|create|replace -f -`: for apply as of objects that are not there yet. */
export function manifestRequests(command: KubectlCommand): Requests {
  const objects = manifestsOf(command)
  if ('manual' in objects) return objects
  const requests = objects.flatMap(({ path, body }): ApiRequest[] => {
    const list = path.slice(0, path.lastIndexOf('/'))
    if (command.verb === 'create') return [send('POST', list, body)]
    if (command.verb === 'replace') return [get(path), send('PUT', path, body)]
    return [get(path), send('POST', list, body)]
  })
  return { requests }
}

/** `kubectl expose`: a Service with the labels of what it stands before. */
export function exposeRequests(command: KubectlCommand): Requests {
  const [object] = objectsOf(command)
  if (!object || object.name === undefined) return { manual: 'kubectl expose names no object.' }
  const port = numberOf(flag(command, 'port'))
  if (port === undefined) return { manual: 'The port comes from the object that is exposed.' }
  const target = flag(command, 'target-port')
  const type = flag(command, 'type')
  const path = pathOf(typeOfArgument(object), placeOf(command), object.name)
  return {
    requests: [
      get(path),
      send('POST', pathOf(known('services'), namespaceOf(command)), {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {
          creationTimestamp: null,
          labels: STAND_IN.labels,
          name: flag(command, 'name') ?? object.name,
          ...(command.namespace === undefined ? {} : { namespace: command.namespace }),
        },
        spec: {
          ports: [
            {
              port,
              protocol: flag(command, 'protocol') ?? 'TCP',
              targetPort: target === undefined ? port : /^\d+$/.test(target) ? Number(target) : target,
            },
          ],
          selector: STAND_IN.labels,
          ...(type ? { type } : {}),
        },
        status: { loadBalancer: {} },
      }),
    ],
  }
}

/** A number, or the placeholder in its place. */
function numberOf(text: string | undefined): number | string | undefined {
  if (text === undefined || isPlaceholder(text)) return text
  return /^-?\d+$/.test(text) ? Number(text) : undefined
}

/** `kubectl autoscale`: the workload, then an autoscaler for it. */
export function autoscaleRequests(command: KubectlCommand): Requests {
  const [object] = objectsOf(command)
  const max = numberOf(flag(command, 'max'))
  if (!object || object.name === undefined) return { manual: 'kubectl autoscale names no workload.' }
  if (max === undefined || (typeof max === 'number' && max < 1))
    return { manual: 'kubectl autoscale lacks --max.' }
  const type = typeOfArgument(object)
  const min = flag(command, 'min')
  const cpu = flag(command, 'cpu-percent')
  return {
    requests: [
      get(pathOf(type, placeOf(command), object.name)),
      send('POST', pathOf({ ...known('hpa'), version: 'v1' }, namespaceOf(command)), {
        kind: 'HorizontalPodAutoscaler',
        apiVersion: 'autoscaling/v1',
        metadata: { name: flag(command, 'name') ?? object.name, creationTimestamp: null },
        spec: {
          scaleTargetRef: {
            kind: type.kind,
            name: object.name,
            apiVersion: type.group ? `${type.group}/${type.version}` : type.version,
          },
          ...(min ? { minReplicas: numberOf(min) } : {}),
          maxReplicas: max,
          ...(cpu ? { targetCPUUtilizationPercentage: numberOf(cpu) } : {}),
        },
        status: { currentReplicas: 0, desiredReplicas: 0 },
      }),
    ],
  }
}

/** Whether a line only shows what it would do. */
export function isDryRun(command: KubectlCommand): boolean {
  const value = command.flags['dry-run']
  return value !== undefined && value !== 'none' && value !== 'server'
}
