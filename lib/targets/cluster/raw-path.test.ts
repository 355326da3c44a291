import { expect, it } from 'vitest'
import { whyNotAsked } from './raw-path'

it.each([
  '/healthz',
  '/readyz?verbose',
  '/readyz?verbose&exclude=etcd',
  '/livez/etcd',
  '/metrics',
  '/version',
  '/.well-known/openid-configuration',
  '/apis/metrics.k8s.io/v1beta1/nodes',
  '/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods?labelSelector=app%3Dx',
  '/apis/custom.metrics.k8s.io/v1beta1/namespaces/shop/pods/*/http_requests',
  '/api/v1/nodes/node-1/proxy/stats/summary',
  '/api/v1/nodes/node-1/proxy/metrics/cadvisor',
  '/api/v1/namespaces/shop/services/web:http/proxy/metrics',
])('asks for %s', (path) => expect(whyNotAsked(path)).toBeUndefined())

it.each([
  ['/api/v1/namespaces/shop/secrets', 'secrets'],
  ['/api/v1/secrets?limit=1', 'secrets'],
  ['/api/v1/namespaces/shop/s%65crets', 'secrets'],
  ['/api/v1/namespaces/shop/pods/web-0/exec?command=id', 'stream'],
  ['/api/v1/namespaces/shop/pods/web-0/attach', 'stream'],
  ['/api/v1/nodes/node-1/proxy/run/shop/web-0/app?cmd=id', 'kubelet'],
  ['/api/v1/nodes/node-1/proxy/exec/shop/web-0/app', 'kubelet'],
  ['/api/v1/nodes/node-1/proxy/', 'kubelet'],
  ['/api/v1/namespaces/proxy/secrets', 'secrets'],
  ['/api/v1/namespaces/proxy/pods/p/exec?command=id', 'stream'],
  ['/api/v1/namespaces/pods/secrets/proxy', 'secrets'],
  ['/api/v1/pods?watch=true', 'without an end'],
  ['/api/v1/pods?%77atch', 'without an end'],
  ['/api/v1/watch/pods', 'without an end'],
  ['/api/../api/v1/secrets', 'not a path'],
  ['healthz', 'not a path'],
  ['//evil.example/api', 'no such path'],
  ['/debug/pprof/profile', 'no such path'],
])('does not ask for %s: %s', (path, why) => expect(whyNotAsked(path)).toContain(why))
