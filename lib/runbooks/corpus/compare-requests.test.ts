import { describe, expect, it } from 'vitest'
import { compareRequests } from './compare-requests'
import { bindNames, isOnePlaceholder, namesOfPlaceholders } from './placeholders'
import type { SentRequest } from './records'

const get = (path: string, query?: string): SentRequest => ({
  method: 'GET',
  path,
  ...(query ? { query } : {}),
})
const patch = (body: unknown, contentType = 'application/merge-patch+json'): SentRequest => ({
  method: 'PATCH',
  path: '/apis/apps/v1/namespaces/shop/deployments/web',
  contentType,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

/** The part that differs when kubectl sent the first list and the compiler says the second. */
function differs(
  expected: SentRequest[],
  got: SentRequest[],
  { line = 'kubectl get pods -n shop', argv = ['get', 'pods', '-n', 'shop'] } = {},
): string | undefined {
  return compareRequests({ line, kubectl: [{ argv, requests: expected }] }, got)?.part
}

const PODS = '/api/v1/namespaces/shop/pods'

describe('requests that mean the same', () => {
  it('leaves out who asks, how much at once and as of when', () => {
    const theirs = get(PODS, 'labelSelector=app%3Dweb&limit=500&resourceVersion=0')
    expect(differs([theirs], [get(PODS, 'labelSelector=app%3Dweb')])).toBeUndefined()
    const create = { method: 'POST', path: PODS, query: 'fieldManager=kubectl-create&fieldValidation=Strict' }
    expect(differs([create], [{ method: 'POST', path: PODS }])).toBeUndefined()
  })

  it('leaves out the random time-out of a watch, but not that of anything else', () => {
    const watch = 'allowWatchBookmarks=true&watch=true'
    expect(
      differs([get(PODS, `${watch}&timeout=7m18s&timeoutSeconds=438`)], [get(PODS, watch)]),
    ).toBeUndefined()
    expect(differs([get(PODS, 'timeout=10s')], [get(PODS)])).toBe('query timeout')
  })

  it('leaves out discovery on either side, wherever it stands', () => {
    const discovery = ['/api', '/apis', '/api/v1', '/apis/apps/v1', '/openapi/v3'].map((path) => get(path))
    expect(differs([...discovery, get(PODS)], [get(PODS)])).toBeUndefined()
    expect(differs([get(PODS)], [get(PODS), ...discovery])).toBeUndefined()
  })

  it('reads queries, not their writing: order, escapes, terms of a field selector', () => {
    const theirs = get(PODS, 'fieldSelector=a%3D1%2Cb%3D2&labelSelector=x+y')
    expect(differs([theirs], [get(PODS, 'labelSelector=x%20y&fieldSelector=b=2,a=1')])).toBeUndefined()
  })

  it('keeps the order of a parameter that is given several times', () => {
    const exec = (query: string) => ({ method: 'POST', path: `${PODS}/web-0/exec`, query })
    expect(differs([exec('command=a&command=b')], [exec('command=b&command=a')])).toBe('query command')
  })

  it('compares bodies as what they hold', () => {
    expect(differs([patch('{"a":1,"b":[2]}')], [patch('{ "b": [2],\n "a": 1 }')])).toBeUndefined()
    expect(differs([patch({ a: 1 })], [patch({ a: 1, b: 2 })])).toBe('body')
    expect(differs([patch({ a: [1, 2] })], [patch({ a: [2, 1] })])).toBe('body')
    expect(differs([patch({ a: 1 })], [patch({ a: '1' })])).toBe('body')
    expect(differs([patch({ a: null })], [patch({})])).toBe('body')
  })

  it('leaves the time of a restart and the missing time of a creation out of bodies, not the key of the former', () => {
    const restart = (at?: string) =>
      patch({
        metadata: {
          creationTimestamp: null,
          ...(at ? { annotations: { 'kubectl.kubernetes.io/restartedAt': at } } : {}),
        },
      })
    expect(differs([restart('2024-01-01T00:00:00Z')], [restart('2026-02-02T00:00:00Z')])).toBeUndefined()
    expect(differs([restart('2024-01-01T00:00:00Z')], [restart()])).toBe('body')
    expect(
      differs([patch({ metadata: { creationTimestamp: null } })], [patch({ metadata: {} })]),
    ).toBeUndefined()
  })

  it('takes a placeholder for the name it was bound to, however it is written', () => {
    const theirs = get('/api/v1/namespaces/my-ns/pods/kong-pod-id')
    for (const path of [
      '<my-ns>/pods/kong-<POD_ID>',
      '%3CMY_NS%3E/pods/kong-%3Cpod-id%3E',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell fills these in, or nobody does
      '$MY_NS/pods/kong-${pod-id}',
    ])
      expect(differs([theirs], [get(`/api/v1/namespaces/${path}`)])).toBeUndefined()
  })

  it('lets what was taken from an answer stand for whatever the compiler says there', () => {
    const theirs = [get(`${PODS}/item1/log`, 'container=c'), get(PODS, 'labelSelector=app%3Dx')]
    const ours = [get(`${PODS}/web-0/log`, 'container=server'), get(PODS, 'labelSelector=tier%3Dfront')]
    expect(differs(theirs, ours)).toBeUndefined()
    expect(differs(theirs, [get(`${PODS}/web-0/log`), ours[1] as SentRequest])).toBe('query container')
    expect(differs(theirs, ours, { line: 'kubectl logs item1 -n shop -c c' })).toBe('name')
    const events = (uid: string) =>
      get(PODS, `fieldSelector=involvedObject.name%3Da%2CinvolvedObject.uid%3D${uid}`)
    expect(differs([events('u1')], [events('4711')])).toBeUndefined()
  })

  it('lets what a substitution gave stand for whatever the compiler says there', () => {
    const theirs = get(`${PODS}/captured`)
    expect(
      differs([theirs], [get(`${PODS}/web-0`)], { line: 'kubectl get pod $(x) -n shop' }),
    ).toBeUndefined()
    expect(differs([theirs], [get(`${PODS}/web-0`)])).toBe('name')
  })
})

describe('requests that differ', () => {
  it('says in which part', () => {
    expect(differs([get(PODS)], [{ method: 'DELETE', path: PODS }])).toBe('method')
    expect(differs([get(PODS)], [get('/api/v1/namespaces/shop/services')])).toBe('resource')
    expect(differs([get(PODS)], [get(`${PODS}/web-0`)])).toBe('name')
    expect(differs([get(PODS)], [get('/api/v1/pods')])).toBe('namespace')
    expect(differs([get(PODS)], [get('/apis/apps/v1/namespaces/shop/pods')])).toBe('group')
    expect(differs([get(PODS, 'labelSelector=a%3Db')], [get(PODS)])).toBe('query labelSelector')
    expect(differs([get(PODS)], [get(PODS, 'labelSelector=a%3Db')])).toBe('query labelSelector')
    expect(differs([patch({})], [patch({}, 'application/json-patch+json')])).toBe('content type')
  })

  it('minds order and number', () => {
    const [a, b] = [get(`${PODS}/a`), get(`${PODS}/b`)]
    expect(differs([a, b], [b, a])).toBe('name')
    expect(differs([a, b], [a])).toBe('request missing')
    expect(differs([a], [a, a])).toBe('request too many')
    expect(differs([], [a])).toBe('request too many')
  })

  it('does not mind how often it was asked whether a change has happened', () => {
    const gone = { method: 'DELETE', path: `${PODS}/a` }
    const poll = get(`${PODS}/a`)
    expect(differs([gone, poll, poll, poll], [gone, poll])).toBeUndefined()
    expect(differs([gone, poll], [gone])).toBe('request missing')
    expect(differs([poll, poll], [poll])).toBe('request missing')
  })

  it('takes the calls of a line one after another', () => {
    const kubectl = ['a', 'b'].map((name) => ({ argv: [], requests: [get(`${PODS}/${name}`)] }))
    expect(compareRequests({ line: '', kubectl }, [get(`${PODS}/a`), get(`${PODS}/b`)])).toBeUndefined()
  })
})

describe('the order of calls', () => {
  it('puts a call that needs the output of another after it', () => {
    const inner = { argv: ['get', 'pvc'], requests: [get('/api/v1/persistentvolumes')] }
    const outer = { argv: ['get', 'pod', 'captured'], requests: [get(`${PODS}/captured`)] }
    const record = { line: 'kubectl get pod $(kubectl get pv)', kubectl: [outer, inner] }
    expect(compareRequests(record, [get('/api/v1/persistentvolumes'), get(`${PODS}/x`)])).toBeUndefined()
  })
})

describe('what a recording guessed', () => {
  const guessed = (rest: string) => get(`/apis/cr.example.com/v1/namespaces/${rest}`)
  it('takes any group, version and plural for a guessed one, unless Kubernetes has it itself', () => {
    expect(
      differs([guessed('shop/vms/a')], [get('/apis/kubevirt.io/v1alpha3/namespaces/shop/virtualmachines/a')]),
    ).toBeUndefined()
    expect(differs([guessed('shop/vms/a')], [get('/api/v1/namespaces/shop/pods/a')])).toBe('resource')
    expect(
      differs([guessed('shop/vms/a')], [get('/apis/kubevirt.io/v1/namespaces/shop/virtualmachines/b')]),
    ).toBe('name')
  })

  it('takes any version of a group that is not built in', () => {
    const settings = (group: string, version: string) =>
      get(`/apis/${group}/${version}/namespaces/shop/settings`)
    expect(differs([settings('longhorn.io', 'v1')], [settings('longhorn.io', 'v1beta2')])).toBeUndefined()
    expect(differs([settings('apps', 'v1')], [settings('apps', 'v1beta2')])).toBe('version')
    expect(differs([settings('longhorn.io', 'v1')], [settings('example.org', 'v1')])).toBe('group')
    expect(differs([settings('operator.example.org', 'v1')], [settings('operator', 'v1')])).toBeUndefined()
  })

  it('takes a namespace to be asked for, or none of a custom resource, only where the line names none', () => {
    const unnamed = { line: 'kubectl get pods', argv: ['get', 'pods', '-ojson'] }
    const theirs = get('/api/v1/namespaces/default/pods')
    expect(differs([theirs], [get('/api/v1/namespaces/<namespace>/pods')], unnamed)).toBeUndefined()
    expect(differs([theirs], [get('/api/v1/namespaces/%3Cns%3E/pods')], unnamed)).toBeUndefined()
    expect(differs([theirs], [get('/api/v1/namespaces/shop/pods')], unnamed)).toBe('namespace')
    expect(differs([theirs], [get('/api/v1/pods')], unnamed)).toBe('namespace')
    expect(differs([theirs], [get('/api/v1/namespaces/<ns>/pods')])).toBe('namespace')
    expect(
      differs([guessed('default/csinodes')], [get('/apis/storage.k8s.io/v1/csinodes')], unnamed),
    ).toBeUndefined()
    expect(differs([guessed('shop/csinodes')], [get('/apis/storage.k8s.io/v1/csinodes')])).toBe('namespace')
  })

  it('does not compare a body that was recorded in binary', () => {
    const theirs = { ...patch('k8s\u0000…', 'application/vnd.kubernetes.protobuf'), method: 'POST' }
    expect(differs([theirs], [{ ...patch({ a: 1 }, 'application/json'), method: 'POST' }])).toBeUndefined()
  })
})

describe('placeholders', () => {
  it('binds each way of writing them', () => {
    expect(bindNames('<the web pod>')).toBe('the-web-pod')
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell fills these in, or nobody does
    expect(bindNames('a-${VM_NAME}-$NS')).toBe('a-vm-name-ns')
    expect(bindNames('{app_name}/{{ .release }}')).toBe('app-name/release')
    expect(bindNames('$1 {.items[0]} {"a":1} a$')).toBe('$1 {.items[0]} {"a":1} a$')
  })

  it('tells them from text and from jsonpath', () => {
    expect(namesOfPlaceholders('{namespace}/<a>/{{ .release }}')).toEqual(['namespace', 'a', 'release'])
    expect(namesOfPlaceholders('{.items[*].metadata.name} a$ <1>')).toEqual([])
    expect([isOnePlaceholder('<a>'), isOnePlaceholder('a<a>'), isOnePlaceholder('')]).toEqual([
      true,
      false,
      false,
    ])
  })
})
