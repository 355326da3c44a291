/** What a person fills in where kubectl wants more than a name: a type with it, or a number. */
import { describe, expect, it } from 'vitest'
import { CATALOGUE } from '../../operations/catalogue'
import { compile } from '../compile'
import { compiled } from './testing'

/** The inputs of the only step of a line. */
const inputsOf = (line: string) => compiled(line).bound[0]?.inputs

function requestsOf(line: string): string[] | undefined {
  const { lines } = compile({
    text: `# A\n\n\`\`\`sh\n${line}\n\`\`\`\n`,
    file: 'a.md',
    catalogue: CATALOGUE,
    requests: true,
  })
  return lines[0]?.requests?.map(({ method, path }) => `${method} ${path}`)
}

describe('an object without its type', () => {
  it.each([
    ['kubectl describe -n shop <virt-api>', 'kubernetes.read', 'TYPE/NAME, for example pod/web-7d9f'],
    ['kubectl delete <pod>', 'kubernetes.delete-object', 'TYPE/NAME, for example pod/web-7d9f'],
    ['kubectl get $MY_POD', 'kubernetes.read', 'TYPE/NAME, for example pod/web-7d9f'],
    [
      'kubectl rollout restart <deployment-name>',
      'kubernetes.change-object',
      'TYPE/NAME, for example deployment/web-7d9f',
    ],
    [
      'kubectl scale <deployment-name> --replicas=3',
      'kubernetes.change-object',
      'TYPE/NAME, for example deployment/web-7d9f',
    ],
    [
      'kubectl set image <deployment-name> app=nginx:1',
      'kubernetes.change-object',
      'TYPE/NAME, for example deployment/web-7d9f',
    ],
  ])('%s asks for both', (line, operation, help) => {
    const { bound } = compiled(line)
    expect(bound[0]?.operation).toBe(operation)
    expect(bound[0]?.inputs).toMatchObject([{ help, typeAndName: true, required: true }])
    // Its own name is neither, so that nothing can be told of what is sent.
    expect(requestsOf(line)).toBeUndefined()
  })

  it('is a type where a list or more words say so', () => {
    for (const line of [
      'kubectl get <kind> -n shop',
      'kubectl delete <webhook_type> <webhook_name>',
      'kubectl delete <pod-type> -l app=web',
      'kubectl get TYPE NAME',
    ])
      for (const input of inputsOf(line) ?? []) expect(input, line).not.toHaveProperty('typeAndName')
    expect(inputsOf('kubectl delete <webhook_type> <webhook_name>')?.map(({ name }) => name)).toEqual([
      'webhook-type',
      'webhook-name',
    ])
  })

  it('is not guessed from two names', () => {
    const { lines } = compiled('kubectl delete <pod-1> <pod-2>')
    expect(lines[0]?.reason).toBe('"<pod-1>" is not the name of a resource.')
  })
})

describe('a number that is filled in', () => {
  it.each([
    ['kubectl rollout undo deploy/web --to-revision=<revision>', 'revision'],
    ['kubectl rollout history deploy/web --revision=<revision>', 'revision'],
    ['kubectl delete pod web-0 --grace-period=$SECONDS_LEFT', 'seconds-left'],
    ['kubectl expose deploy web --port=<port>', 'port'],
    ['kubectl logs web-0 --tail=<count> | sort', 'count'],
  ])('%s', (line, name) => {
    expect(inputsOf(line)).toMatchObject([{ name, type: 'integer', required: true }])
  })

  it('is kept where an operation knows it by another name', () => {
    expect(
      compiled('kubectl autoscale deploy web --min=<min> --max=<max> --cpu-percent=<cpu>').bound[0],
    ).toMatchObject({
      operation: 'kubernetes.create-autoscaler',
      params: { min: '<min>', max: '<max>', cpuPercent: '<cpu>' },
    })
    expect(
      compiled('kubectl rollout undo deploy/web --to-revision=<revision>').bound[0]?.params,
    ).toMatchObject({ toRevision: '<revision>' })
  })
})

describe('words in capitals, and names cut short', () => {
  it.each([
    ['kubectl describe pod web-xxxxx -n shop', ['web-xxxxx'], '/api/v1/namespaces/shop/pods/web-xxxxx'],
    ['kubectl logs web-xxx-yyy', ['web-xxx-yyy'], '/api/v1/namespaces/default/pods/web-xxx-yyy'],
    [
      'kubectl get pod/web-xxxxx -n team-XX',
      ['web-xxxxx', 'team-xx'],
      '/api/v1/namespaces/team-XX/pods/web-xxxxx',
    ],
    ['kubectl get pod NAME -n NAMESPACE', ['name', 'namespace'], '/api/v1/namespaces/NAMESPACE/pods/NAME'],
    ['kubectl logs POD -c CONTAINER', ['pod', 'container'], '/api/v1/namespaces/default/pods/POD'],
    ['kubectl describe svc/NAME', ['name'], '/api/v1/namespaces/default/services/NAME'],
    ['kubectl drain NODE --ignore-daemonsets', ['node'], '/api/v1/nodes/NODE'],
    [
      "kubectl get cm web -n 'NAMESPACE OF THE SHOP'",
      ['namespace-of-the-shop'],
      '/api/v1/namespaces/NAMESPACE%20OF%20THE%20SHOP/configmaps/web',
    ],
    [
      'kubectl logs -l job-name=JOB_NAME,app=web -n NAMESPACE',
      ['namespace', 'job-name'],
      '/api/v1/namespaces/NAMESPACE/pods',
    ],
    [
      'kubectl get pods --field-selector=metadata.name=YOUR_POD -n shop',
      ['your-pod'],
      '/api/v1/namespaces/shop/pods',
    ],
    ['kubectl get pod POD_NAME', ['pod-name'], '/api/v1/namespaces/default/pods/pod-name'],
  ])('%s', (line, names, path) => {
    expect(inputsOf(line)?.map(({ name }) => name)).toEqual(names)
    expect(requestsOf(line)?.[0]).toBe(`GET ${path}`)
  })

  it.each([
    'kubectl get PVC -A',
    'kubectl get pods -l env=PROD_EU',
    'kubectl auth can-i LIST PODS',
    'kubectl label node web LOG=ON',
  ])('%s has none that stands for something', (line) => {
    expect(inputsOf(line)).toEqual([])
  })

  it('and words in braces stand for one', () => {
    expect(inputsOf('kubectl get pod {name of the pod} -n {team}')?.map(({ name }) => name)).toEqual([
      'name-of-the-pod',
      'team',
    ])
    expect(compiled('{ kubectl get pods; }').lines[0]?.outcome).toBe('manual')
  })
})
