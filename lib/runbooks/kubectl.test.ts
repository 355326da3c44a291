import { describe, expect, it } from 'vitest'
import { readKubectl } from './kubectl'
import { kindOf } from './kubectl-resources'

/** Words split at spaces: quoting is the business of words.ts. */
function read(line: string) {
  const command = readKubectl(line.split(' '))
  if ('manual' in command) throw new Error(`${line}: ${command.manual}`)
  return command
}

describe('flags stand anywhere', () => {
  it.each([
    'get pods -n storage -l app=redis',
    '-n storage get pods -l app=redis',
    'get -n storage pods -l app=redis',
    'get pods -nstorage -lapp=redis',
    'get pods --namespace storage --selector app=redis',
    'get pods --namespace=storage --selector=app=redis',
    '--namespace=storage get pods --selector=app=redis',
    'get pods -n=storage -l=app=redis',
  ])('%s', (line) => {
    expect(read(line)).toMatchObject({
      verb: 'get',
      namespace: 'storage',
      selector: 'app=redis',
      allNamespaces: false,
      resources: [{ kind: 'Pod', group: '' }],
    })
  })

  it('reads switches one by one or together', () => {
    for (const line of [
      'exec -it redis-0 -n storage -- redis-cli PING',
      'exec -i -t redis-0 -n storage -- redis-cli PING',
      'exec --stdin --tty -n storage redis-0 -- redis-cli PING',
      'exec redis-0 -itn storage -- redis-cli PING',
    ])
      expect(read(line)).toMatchObject({
        namespace: 'storage',
        flags: { stdin: true, tty: true },
        resources: [{ kind: 'Pod', name: 'redis-0' }],
        innerArgv: ['redis-cli', 'PING'],
      })
  })

  it('takes nothing after -- for a flag of its own', () => {
    const command = read('exec pg-0 -n storage -c postgres -- psql -n -c select -l')
    expect(command.namespace).toBe('storage')
    expect(command.container).toBe('postgres')
    expect(command.innerArgv).toEqual(['psql', '-n', '-c', 'select', '-l'])
  })

  it('leaves the exec form without -- to a person, which kubectl refuses since 1.31', () => {
    expect(readKubectl('exec redis-0 redis-cli PING'.split(' '))).toEqual({
      manual: expect.stringContaining('exec POD -- COMMAND'),
    })
  })

  it('takes -f of logs for follow, and -p of patch for the patch', () => {
    expect(read('logs -f web-0').flags).toEqual({ follow: true })
    expect(read('logs -p web-0').flags).toEqual({ previous: true })
    expect(read('patch deploy web -p {"spec":{}}').flags).toEqual({ patch: '{"spec":{}}' })
  })

  it('keeps every value of a repeated flag', () => {
    expect(
      read('create secret generic db --from-literal=a=1 --from-literal=b=2 --from-literal=c=3').flags,
    ).toEqual({ 'from-literal': ['a=1', 'b=2', 'c=3'] })
  })

  it('knows all namespaces in both spellings', () => {
    expect(read('get pods -A').allNamespaces).toBe(true)
    expect(read('get pods --all-namespaces').allNamespaces).toBe(true)
    expect(read('get pods --all-namespaces=true').allNamespaces).toBe(true)
  })

  it('reads --dry-run with and without a value', () => {
    expect(read('scale deploy/web --replicas=3 --dry-run=server').flags['dry-run']).toBe('server')
    expect(read('delete pod web-0 --dry-run').flags['dry-run']).toBe(true)
  })
})

describe('resources', () => {
  it.each([
    ['po', 'Pod'],
    ['svc', 'Service'],
    ['deploy', 'Deployment'],
    ['hpa', 'HorizontalPodAutoscaler'],
    ['cm', 'ConfigMap'],
    ['ep', 'Endpoints'],
    ['sts', 'StatefulSet'],
    ['ds', 'DaemonSet'],
    ['ns', 'Namespace'],
    ['no', 'Node'],
    ['pvc', 'PersistentVolumeClaim'],
    ['cj', 'CronJob'],
    ['rs', 'ReplicaSet'],
    ['ing', 'Ingress'],
    ['netpol', 'NetworkPolicy'],
    ['pdb', 'PodDisruptionBudget'],
    ['deployments.apps', 'Deployment'],
    ['Deployment', 'Deployment'],
    ['endpointslices.discovery.k8s.io', 'EndpointSlice'],
  ])('%s is a %s', (name, kind) => {
    expect(kindOf(name)?.kind).toBe(kind)
    expect(read(`get ${name} x`).resources).toMatchObject([{ kind, name: 'x' }])
  })

  it('does not take a custom resource for a built-in one of the same plural', () => {
    expect(kindOf('services.serving.knative.dev')).toBeUndefined()
    expect(kindOf('widgets')).toBeUndefined()
  })

  it('reads TYPE NAME, TYPE/NAME, several names and several types', () => {
    const names = (line: string) => read(line).resources.map((one) => `${one.kind}/${one.name ?? '*'}`)
    expect(names('rollout restart deployment web')).toEqual(['Deployment/web'])
    expect(names('rollout restart deployment/web')).toEqual(['Deployment/web'])
    expect(names('get pod a b')).toEqual(['Pod/a', 'Pod/b'])
    expect(names('get deploy/a svc/b')).toEqual(['Deployment/a', 'Service/b'])
    expect(names('get deploy,svc')).toEqual(['Deployment/*', 'Service/*'])
    expect(names('logs deployment/web')).toEqual(['Deployment/web'])
    expect(names('logs web-0')).toEqual(['Pod/web-0'])
    expect(names('top pods')).toEqual(['Pod/*'])
  })

  it('reads second words', () => {
    expect(read('rollout status deploy/web')).toMatchObject({ verb: 'rollout', subverb: 'status' })
    expect(read('rollout undo deploy/web --to-revision=3').flags).toEqual({ 'to-revision': '3' })
  })
})
