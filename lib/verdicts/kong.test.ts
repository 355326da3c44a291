import { describe, expect, it } from 'vitest'
import { judgeKongServices, judgeKongStatus, servicesOf } from './kong'

const answer = (from: string, body: unknown, status = 200) => ({ from, status, body: JSON.stringify(body) })
const well = (reachable = true) => ({ database: { reachable }, server: { connections_active: 4 } })
const services = (...names: string[]) => ({
  data: names.map((name) => ({ name, host: `${name}.shop`, port: 80, enabled: true })),
})

describe('the status of Kong', () => {
  it('is well when every pod answers and has its database', () => {
    expect(judgeKongStatus([answer('kong-1', well()), answer('kong-2', well())])).toMatchObject({
      findings: [],
      healthy: '2 of 2 Kong pods answer, database reachable',
    })
  })

  it('could not look where the admin port refuses to tell', () => {
    const refused = [answer('kong-1', { message: 'Unauthorized' }, 401)]
    for (const { findings } of [judgeKongStatus(refused), judgeKongServices(refused, new Map())])
      expect(findings).toMatchObject([{ severity: 'unknown', code: 'kong.refused' }])
  })

  it('warns when some are silent, fails when all are', () => {
    const silent = { from: 'kong-2', error: 'connection refused' }
    expect(judgeKongStatus([answer('kong-1', well()), silent]).findings).toMatchObject([
      {
        severity: 'warn',
        code: 'kong.down',
        title: 'Kong does not answer on its admin port in 1 of 2 pods',
        evidence: ['kong-2: connection refused'],
      },
    ])
    expect(judgeKongStatus([silent]).findings[0]?.severity).toBe('fail')
    expect(judgeKongStatus([answer('kong-1', {}, 503)]).findings[0]?.code).toBe('kong.down')
  })

  it('fails without its database', () => {
    expect(judgeKongStatus([answer('kong-1', well(false))]).findings).toMatchObject([
      { severity: 'fail', code: 'kong.database' },
    ])
  })
})

describe('the services of Kong', () => {
  const behind = (ready: number | string) => new Map([['web.shop:80', ready]])

  it('are well with something ready behind each', () => {
    expect(judgeKongServices([answer('kong-1', services('web'))], behind(3))).toMatchObject({
      findings: [],
      figure: '1 registered',
    })
  })

  it('fail with nothing behind, or a host that is not there', () => {
    expect(judgeKongServices([answer('kong-1', services('web'))], behind(0)).findings).toMatchObject([
      { code: 'kong.no-endpoints', title: "Nothing is ready behind Kong's service web (web.shop:80)" },
    ])
    expect(
      judgeKongServices([answer('kong-1', services('web'))], behind('no such service')).findings,
    ).toMatchObject([{ code: 'kong.host' }])
  })

  it('that are gone point at a reload, per pod', () => {
    const { findings } = judgeKongServices(
      [answer('kong-1', services('web')), answer('kong-2', services())],
      behind(3),
    )
    expect(findings).toMatchObject([
      {
        severity: 'fail',
        code: 'kong.no-services',
        title: 'Kong knows no service in 1 of 2 pods: it has lost its configuration',
        evidence: ['kong-2'],
        remedies: [{ operation: 'kong.reload' }],
      },
    ])
  })

  it('that are disabled are told', () => {
    const body = { data: [{ name: 'web', host: 'web.shop', port: 80, enabled: false }] }
    expect(judgeKongServices([answer('kong-1', body)], behind(1)).findings[0]?.code).toBe('kong.disabled')
  })

  it('are none in an answer that is none', () => {
    expect(servicesOf('<html>')).toEqual([])
    expect(servicesOf('{"data":[{"name":"x"},null]}')).toEqual([])
  })
})
