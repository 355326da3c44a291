import { describe, expect, it } from 'vitest'
import { mayChange, mayRead } from '@/lib/targets/exec-allow-list'
import { judgeConfigMap } from '@/lib/verdicts/config-maps'
import { judgeLog } from '@/lib/verdicts/log-lines'
import { judgeEndpoints, judgeService } from '@/lib/verdicts/services'

const where = { namespace: 'backend-services', name: 'backend-api-config' }
const service = {
  metadata: { name: 'backend-api', namespace: 'backend-services' },
  spec: { selector: { app: 'backend-api' }, ports: [{ port: 80, targetPort: 'http' }] },
}
const pod = {
  metadata: { name: 'a', namespace: 'backend-services', labels: { app: 'backend-api' } },
  spec: { containers: [{ name: 'a', ports: [{ name: 'http', containerPort: 8080 }] }] },
  status: { phase: 'Running' },
}

describe('verdicts', () => {
  it('names a selector that matches nothing, and passes one that matches', () => {
    expect(judgeService(service, [pod])).toEqual([])
    expect(judgeService({ ...service, spec: { selector: { app: 'x' } } }, [pod])[0]?.code).toBe(
      'service.selects-nothing',
    )
  })
  it('fails a service without ready addresses', () => {
    expect(judgeEndpoints(service, { ready: ['10.0.0.1'], notReady: [] }, [pod])).toEqual([])
    expect(judgeEndpoints(service, { ready: [], notReady: ['10.0.0.1'] }, [pod])[0]?.code).toBe(
      'endpoints.none-ready',
    )
  })
  it('judges settings by rule', () => {
    expect(judgeConfigMap({ JWT_TTL_SECONDS: '3600' }, 'ttl', where)).toEqual([])
    expect(judgeConfigMap({ JWT_TTL_SECONDS: '5' }, 'ttl', where)[0]?.severity).toBe('fail')
    const cors = { CORS_ALLOWED_ORIGINS: '*', CORS_ALLOW_CREDENTIALS: 'true' }
    expect(judgeConfigMap(cors, 'cors', where)[0]?.severity).toBe('fail')
  })
  it('weighs a problem that goes on, and only tells one that stopped', () => {
    const lines = [1, 2, 3].map((n) => ({ at: n * 1000, pod: 'a', text: 'ERROR [pool] pool exhausted' }))
    expect(judgeLog(lines, 4_000, 'x').findings[0]?.severity).toBe('fail')
    expect(judgeLog(lines, 60_000, 'x').findings[0]?.severity).toBe('info')
  })
})

describe('the exec allow-list', () => {
  it('lets reads through and refuses the rest', () => {
    const only = (sql: string) => mayRead(['psql', '-c', 'SET default_transaction_read_only = on', '-c', sql])
    expect(only('SELECT 1')).toBe(true)
    expect(only('SELECT pg_terminate_backend(1)')).toBe(false)
    expect(only('SELECT 1; DROP TABLE x')).toBe(false)
    expect(mayRead(['/tmp/psql', '-c', 'SHOW all'])).toBe(false)
    expect(mayRead(['redis-cli', 'FLUSHALL'])).toBe(false)
    expect(mayChange(['redis-cli', 'FLUSHALL'])).toBe(true)
    expect(mayRead(['curl', 'http://169.254.169.254/'])).toBe(false)
    expect(mayRead(['curl', 'http://localhost:8080/health'])).toBe(true)
    expect(mayRead(['sh', '-c', 'id'])).toBe(false)
  })
})
