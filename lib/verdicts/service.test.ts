import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../targets/types'
import { type EndpointAddress, judgeEndpoints, judgeService } from './service'

const pod = (name: string, labels: Record<string, string>, ready = true): KubeObject =>
  ({
    metadata: { name, namespace: 'shop', labels },
    spec: { containers: [{ name: 'c', ports: [{ name: 'http', containerPort: 8080 }] }] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  }) as KubeObject

const service = (selector: Record<string, string>, targetPort: number | string = 'http'): KubeObject =>
  ({
    metadata: { name: 'web', namespace: 'shop' },
    spec: { selector, ports: [{ port: 80, targetPort }] },
  }) as KubeObject

const address = (ready: boolean): EndpointAddress => ({ ip: '10.0.0.1', ready, pod: 'web-1', ports: [8080] })
const WEB = { app: 'web' }

describe('a service without a ready address has one of three causes', () => {
  it('its selector matches no pod: the label that the pods carry is named', () => {
    const [finding] = judgeEndpoints(service({ app: 'wbe' }), [], [pod('web-1', WEB)])
    expect(finding).toMatchObject({
      severity: 'fail',
      code: 'service.selector',
      title: 'No pod matches the selector app=wbe of service web; the pods carry app=web',
      remedies: [{ operation: 'kubernetes.set-selector', params: { service: 'web' } }],
    })
    expect(finding?.evidence).toEqual(['web-1: app=web'])
  })

  it('there are no pods at all: the workload, not the selector', () => {
    const [finding] = judgeEndpoints(service(WEB), [], [])
    expect(finding).toMatchObject({ code: 'service.no-pods', explainedBy: ['workload.scaled-to-zero'] })
    expect(finding?.remedies[0]?.operation).toBe('kubernetes.scale')
  })

  it('its pods are not ready', () => {
    const [finding] = judgeEndpoints(
      service(WEB),
      [address(false), address(false)],
      [pod('web-1', WEB, false), pod('web-2', WEB, false)],
    )
    expect(finding).toMatchObject({
      code: 'service.no-ready-pod',
      title: '0 of 2 pods behind service web are ready',
    })
    expect(finding?.explainedBy).toContain('pods.not-ready')
  })

  it('ready pods stand behind it and none serves the port', () => {
    expect(judgeEndpoints(service(WEB, 'grpc'), [], [pod('web-1', WEB)])[0]).toMatchObject({
      severity: 'fail',
      code: 'service.port',
    })
  })
})

describe('a service with addresses', () => {
  it('is well when all are ready, and a warning when some are not', () => {
    expect(judgeEndpoints(service(WEB), [address(true), address(true)], [])).toEqual([])
    expect(
      judgeEndpoints(service(WEB), [address(true), address(false), address(false)], [])[0],
    ).toMatchObject({
      severity: 'warn',
      title: '2 of 3 addresses behind web are not ready',
    })
  })
})

describe('how a service is set up', () => {
  it('is well with a selector and port that its pods have', () => {
    expect(judgeService(service(WEB), [pod('web-1', WEB)])).toEqual([])
    expect(judgeService(service(WEB, 9999), [pod('web-1', WEB)])).toEqual([])
  })

  it('is not with a port name that no pod declares', () => {
    expect(judgeService(service(WEB, 'grpc'), [pod('web-1', WEB)])[0]).toMatchObject({
      code: 'service.target-port',
      title: 'No pod declares a port named grpc, which port 80 of service web points at',
    })
  })

  it('is not with a selector that matches nothing', () => {
    expect(judgeService(service({ app: 'x' }), [pod('web-1', WEB)])[0]).toMatchObject({
      severity: 'fail',
      code: 'service.selector',
    })
    expect(judgeService(service(WEB), [])[0]).toMatchObject({ severity: 'info' })
  })

  it('does not count pods that are done or going away', () => {
    const done = { ...pod('web-1', WEB), status: { phase: 'Succeeded' } } as KubeObject
    expect(judgeEndpoints(service(WEB), [], [done])[0]?.code).not.toBe('service.port')
  })
})
