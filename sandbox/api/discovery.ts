import { apiVersionOf, KINDS, type KindInfo } from './kinds'

const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch']

function resources(infos: KindInfo[]) {
  return infos.flatMap((info) => [
    {
      name: info.plural,
      singularName: info.singular,
      namespaced: info.namespaced,
      kind: info.kind,
      verbs: VERBS,
      shortNames: info.shortNames,
      ...([
        'Pod',
        'Service',
        'Deployment',
        'ReplicaSet',
        'StatefulSet',
        'DaemonSet',
        'Job',
        'HorizontalPodAutoscaler',
      ].includes(info.kind)
        ? { categories: ['all'] }
        : {}),
    },
    ...info.subresources.map((subresource) => ({
      name: `${info.plural}/${subresource}`,
      singularName: '',
      namespaced: info.namespaced,
      kind: subresource === 'scale' ? 'Scale' : subresource === 'eviction' ? 'Eviction' : info.kind,
      ...(subresource === 'scale' ? { group: 'autoscaling', version: 'v1' } : {}),
      ...(subresource === 'eviction' ? { group: 'policy', version: 'v1' } : {}),
      verbs: ['get', 'create', 'patch', 'update'],
    })),
  ])
}

const EXTRA: { groupVersion: string; resources: object[] }[] = [
  {
    groupVersion: 'metrics.k8s.io/v1beta1',
    resources: [
      { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
      { name: 'nodes', singularName: '', namespaced: false, kind: 'NodeMetrics', verbs: ['get', 'list'] },
    ],
  },
  {
    groupVersion: 'authorization.k8s.io/v1',
    resources: [
      {
        name: 'selfsubjectaccessreviews',
        singularName: '',
        namespaced: false,
        kind: 'SelfSubjectAccessReview',
        verbs: ['create'],
      },
      {
        name: 'selfsubjectrulesreviews',
        singularName: '',
        namespaced: false,
        kind: 'SelfSubjectRulesReview',
        verbs: ['create'],
      },
    ],
  },
]

const GROUP_VERSIONS = [
  ...new Set(KINDS.filter((info) => info.group).map(apiVersionOf)),
  ...EXTRA.map((one) => one.groupVersion),
]

/** Answers discovery paths; undefined for any other path. */
export function discovery(path: string): object | undefined {
  if (path === '/version') {
    return {
      major: '1',
      minor: '36',
      gitVersion: 'v1.36.3',
      gitCommit: '',
      gitTreeState: 'clean',
      buildDate: '',
      goVersion: '',
      compiler: '',
      platform: 'linux/amd64',
    }
  }
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }
  if (path === '/apis') {
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: GROUP_VERSIONS.map((groupVersion) => group(groupVersion)),
    }
  }
  if (path === '/api/v1') {
    return {
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: 'v1',
      resources: resources(KINDS.filter((info) => !info.group)),
    }
  }
  const groupVersion = path.replace(/^\/apis\//, '')
  if (!path.startsWith('/apis/')) return undefined
  const extra = EXTRA.find((one) => one.groupVersion === groupVersion)
  if (extra) return { kind: 'APIResourceList', apiVersion: 'v1', ...extra }
  const infos = KINDS.filter((info) => info.group && apiVersionOf(info) === groupVersion)
  if (infos.length > 0)
    return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: resources(infos) }
  const named = GROUP_VERSIONS.find((one) => one.split('/')[0] === groupVersion)
  return named ? { kind: 'APIGroup', apiVersion: 'v1', ...group(named) } : undefined
}

function group(groupVersion: string) {
  const [name, version] = groupVersion.split('/')
  return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } }
}
