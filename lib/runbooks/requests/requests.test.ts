import { describe, expect, it } from 'vitest'
import type { KubectlCommand } from '../command'
import { parseCommandLine } from '../words'
import { requestsOf } from './index'
import { requestsOfCommands } from './of-commands'

/** `METHOD path?query body` of what a line sends. */
function sent(line: string): string[] | string {
  const read = parseCommandLine(line)
  if ('manual' in read) return read.manual
  const requests = requestsOfCommands(read.commands)
  if (!requests) {
    const why = requestsOf(read.commands[0] as KubectlCommand)
    return 'manual' in why ? why.manual : 'unknown'
  }
  return requests.map(({ method, path, query, body }) =>
    [method, decodeURIComponent(query ? `${path}?${query}` : path), body].filter(Boolean).join(' '),
  )
}

describe('reads', () => {
  it.each<[string, string[]]>([
    ['kubectl get pods -n shop', ['GET /api/v1/namespaces/shop/pods?limit=500']],
    [
      'kubectl get deploy,svc -l app=web',
      [
        'GET /apis/apps/v1/namespaces/default/deployments?labelSelector=app=web&limit=500',
        'GET /api/v1/namespaces/default/services?labelSelector=app=web&limit=500',
      ],
    ],
    ['kubectl get node n1 -o yaml', ['GET /api/v1/nodes/n1']],
    ['kubectl get widgets.example.org x -n shop', ['GET /apis/example.org/v1/namespaces/shop/widgets/x']],
    [
      'kubectl get po -A --field-selector status.phase=Failed',
      ['GET /api/v1/pods?fieldSelector=status.phase=Failed&limit=500'],
    ],
    ['kubectl top nodes', ['GET /apis/metrics.k8s.io/v1beta1/nodes', 'GET /api/v1/nodes']],
    [
      'kubectl logs -l app=web -n shop --since 1h',
      [
        'GET /api/v1/namespaces/shop/pods?labelSelector=app=web',
        'GET /api/v1/namespaces/shop/pods/item1/log?container=c&sinceSeconds=3600&tailLines=10',
      ],
    ],
    [
      'kubectl exec -it web-0 -- ls -l /data',
      [
        'GET /api/v1/namespaces/default/pods/web-0',
        'POST /api/v1/namespaces/default/pods/web-0/exec?command=ls&command=-l&command=/data&container=c&stderr=true&stdin=true&stdout=true',
      ],
    ],
  ])('%s', (line, requests) => {
    expect(sent(line)).toEqual(requests)
  })

  it('asks for the events of one object by its version too, and watches them in one request', () => {
    const about =
      'fieldSelector=involvedObject.kind=Deployment,involvedObject.apiVersion=apps/v1,involvedObject.name=web'
    expect(sent('kubectl events --for deploy/web')).toEqual([
      `GET /api/v1/namespaces/default/events?${about}&limit=500`,
    ])
    expect(sent('kubectl events --for=deploy/web -w')).toEqual([
      `GET /api/v1/namespaces/default/events?${about}&limit=500&watch=true`,
    ])
  })

  it('looks at an object first where it waits until that is gone', () => {
    const pods = 'GET /api/v1/namespaces/default/pods'
    expect(sent('kubectl wait --for=delete pod -l app=web')).toEqual([
      `${pods}?labelSelector=app=web&limit=500`,
      `${pods}/item1`,
      `${pods}?fieldSelector=metadata.name=item1`,
      `${pods}?fieldSelector=metadata.name=item1&watch=true`,
    ])
  })

  it('finds what is there already where it waits until that is created', () => {
    const pod = 'GET /api/v1/namespaces/default/pods/web-0'
    expect(sent('kubectl wait --for=create pod/web-0')).toEqual([pod, pod])
  })

  it('asks whether everything is allowed as kubectl does, without a group', () => {
    expect(sent("kubectl auth can-i '*' '*'")).toEqual([
      expect.stringContaining('"resourceAttributes":{"namespace":"default","verb":"*","resource":"*"}'),
    ])
  })

  it('binds a placeholder to its own name', () => {
    expect(sent('kubectl get pod <POD> -n $NS')).toEqual(['GET /api/v1/namespaces/ns/pods/pod'])
  })
})

describe('changes', () => {
  it.each<[string, string[]]>([
    [
      'kubectl scale deploy/web --replicas=3 -n shop',
      [
        'GET /apis/apps/v1/namespaces/shop/deployments/web',
        'PATCH /apis/apps/v1/namespaces/shop/deployments/web/scale {"spec":{"replicas":3}}',
      ],
    ],
    [
      'kubectl label node n1 tier=gold',
      ['GET /api/v1/nodes/n1', 'PATCH /api/v1/nodes/n1 {"metadata":{"labels":{"tier":"gold"}}}'],
    ],
    [
      'kubectl delete pod a -n shop --wait=false',
      ['DELETE /api/v1/namespaces/shop/pods/a {"propagationPolicy":"Background"}'],
    ],
    [
      'kubectl delete pod a --grace-period=0 --wait=false',
      ['DELETE /api/v1/namespaces/default/pods/a {"gracePeriodSeconds":1,"propagationPolicy":"Background"}'],
    ],
    [
      'kubectl delete pod a --grace-period=0 --force --wait=false',
      ['DELETE /api/v1/namespaces/default/pods/a {"gracePeriodSeconds":0,"propagationPolicy":"Background"}'],
    ],
    [
      'kubectl delete pod a --force --grace-period=-1 --wait=false',
      ['DELETE /api/v1/namespaces/default/pods/a {"gracePeriodSeconds":0,"propagationPolicy":"Background"}'],
    ],
    [
      'kubectl set env deploy/web LEVEL=debug',
      [
        'GET /apis/apps/v1/namespaces/default/deployments/web',
        'PATCH /apis/apps/v1/namespaces/default/deployments/web {"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"c"}],"containers":[{"env":[{"name":"LEVEL","value":"debug"}],"name":"c"}]}}}}',
      ],
    ],
    [
      'kubectl set selector svc web tier=front',
      [
        'GET /api/v1/namespaces/default/services/web',
        'PATCH /api/v1/namespaces/default/services/web {"spec":{"selector":{"app":null,"tier":"front"}}}',
      ],
    ],
    [
      'kubectl taint nodes n1 a=b:NoExecute',
      [
        'GET /api/v1/nodes/n1',
        'PATCH /api/v1/nodes/n1 {"spec":{"taints":[{"effect":"NoExecute","key":"a","value":"b"}]}}',
      ],
    ],
    [
      'kubectl create role r -n shop --verb=get,list --resource=deployments.apps,pods/log --verb=get --resource=svc,service --resource-name=a',
      [
        'POST /apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles {"kind":"Role","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"r","namespace":"shop","creationTimestamp":null},"rules":[{"verbs":["get","list"],"apiGroups":[""],"resources":["pods/log","services"],"resourceNames":["a"]},{"verbs":["get","list"],"apiGroups":["apps"],"resources":["deployments"],"resourceNames":["a"]}]}',
      ],
    ],
    [
      'kubectl create quota q --hard=pods=2,cpu=1',
      [
        'POST /api/v1/namespaces/default/resourcequotas {"kind":"ResourceQuota","apiVersion":"v1","metadata":{"name":"q","creationTimestamp":null},"spec":{"hard":{"cpu":"1","pods":"2"}},"status":{}}',
      ],
    ],
    [
      'kubectl create quota q --hard=a=1.5Gi,b=.5,c=0.5k,d=1.25Ki,e=1000000,f=1.0,g=0Gi,h=1e3,i=+1,j=100u',
      [
        'POST /api/v1/namespaces/default/resourcequotas {"kind":"ResourceQuota","apiVersion":"v1","metadata":{"name":"q","creationTimestamp":null},"spec":{"hard":{"a":"1536Mi","b":"500m","c":"500","d":"1280","e":"1M","f":"1","g":"0","h":"1e3","i":"+1","j":"100u"}},"status":{}}',
      ],
    ],
    [
      'kubectl create clusterrole r --verb=get --resource=pods/,pods/a/b --resource-name=a,b',
      [
        'POST /apis/rbac.authorization.k8s.io/v1/clusterroles {"kind":"ClusterRole","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"r","creationTimestamp":null},"rules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods","pods/a/b"],"resourceNames":["a,b"]}]}',
      ],
    ],
    [
      'kubectl create deployment d --image=busybox:1.37 --port=80 -- sleep 3600',
      [
        'POST /apis/apps/v1/namespaces/default/deployments {"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"d","creationTimestamp":null,"labels":{"app":"d"}},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"d"}},"template":{"metadata":{"creationTimestamp":null,"labels":{"app":"d"}},"spec":{"containers":[{"name":"busybox","image":"busybox:1.37","command":["sleep","3600"],"ports":[{"containerPort":80}],"resources":{}}]}},"strategy":{}},"status":{}}',
      ],
    ],
    [
      'kubectl create ns demo',
      [
        'POST /api/v1/namespaces {"kind":"Namespace","apiVersion":"v1","metadata":{"name":"demo","creationTimestamp":null},"spec":{},"status":{}}',
      ],
    ],
  ])('%s', (line, requests) => {
    expect(sent(line)).toEqual(requests)
  })

  it.each([
    ['kubectl get pods web -l app=web', /a name or a selector/],
    ['kubectl get pods web -A', /by its name across all namespaces/],
    ['kubectl delete pods -n shop', /neither an object nor a selector/],
    ['kubectl scale deploy/web --replicas=many', /wants a number/],
    ['kubectl logs cronjob/backup', /its Jobs have/],
    ['kubectl create role r --verb=get --resource=pods,', /wants --verb and --resource/],
    ['kubectl create role r --verb=get --resource=deployments.v1.apps', /group of "deployments.v1.apps"/],
    ['kubectl create deployment d --image=a/my_app', /makes up the name/],
    ['kubectl create ns demo --save-config', /into an annotation/],
    ['kubectl create role r --verb=get --resource=widgets', /group of "widgets" is not known/],
    ['kubectl set image deploy/web web=web:2 --record', /writes its own words into an annotation/],
    ['kubectl rollout restart deploy/web --record', /many verbs of kubectl refuse/],
    ["kubectl get pods -n 'my namespace'", /cannot be the name of a namespace/],
    ['kubectl set resources deploy/web --limits cpu=1, --requests cpu=1', /"" is not RESOURCE=QUANTITY/],
    ['kubectl set resources deploy/web --limits memory=1GB', /"memory=1GB" is not/],
    ['kubectl set resources deploy web --limits cpu=1 memory=1Gi', /"memory=1Gi" cannot be the name/],
    ['kubectl patch widget.example.org x -p \'{"a":1}\'', /no strategic merge patch/],
  ])('%s is not told', (line, why) => {
    expect(sent(line)).toMatch(why)
  })
})

describe('numbers without an end', () => {
  it.each([
    `kubectl create quota q --hard=a=${'1'.repeat(60_000)}x\n`,
    `kubectl set resources deploy/web --limits=a=${'<a>'.repeat(20_000)}\n`,
    `kubectl wait --for=delete pod/web --timeout=${'1'.repeat(60_000)}\n`,
  ])('are read quickly: %.60s', (line) => {
    const start = performance.now()
    sent(line)
    expect(performance.now() - start).toBeLessThan(1_000)
  })
})
