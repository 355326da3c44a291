import { describe, expect, it } from 'vitest'
import { CATALOGUE } from '../operations/catalogue'
import { lintRunbook } from './lint'

/** Names of the pitfalls in a fence of commands, each once. */
function pitfalls(code: string, elsewhere = ''): string[] {
  const text = `# T\n\n### Card\n\n\`\`\`bash\n${code}\n\`\`\`\n\n### Other\n\n\`\`\`bash\n${elsewhere}\n\`\`\`\n`
  const { lines } = lintRunbook({ text, file: 'a.md', catalogue: CATALOGUE })
  return [...new Set(lines.flatMap((line) => line.warnings.map((warning) => warning.id)))]
}

const redis = (words: string) => `kubectl exec redis-0 -n shop -- redis-cli ${words}`
const psql = (sql: string) => `kubectl exec pg-0 -n shop -- psql -c "${sql}"`

describe('each pitfall is flagged by name, and not where it is avoided', () => {
  it.each([
    [
      'redis-del-glob',
      redis('DEL "cart:*"'),
      `${redis("--scan --pattern 'cart:*'")} | xargs ${redis('UNLINK')}`,
    ],
    ['redis-del-glob', redis('unlink cart:[0-9]'), redis('UNLINK cart:17')],
    [
      'create-existing-secret',
      'kubectl create secret generic jwt --from-literal=key=<new-key> -n shop',
      'kubectl get secret jwt -n shop -o yaml',
    ],
    [
      'redis-info-hit-rate',
      `${redis('INFO stats')} | grep hit_rate`,
      `${redis('INFO stats')} | grep keyspace_hits`,
    ],
    [
      'pg-mean-time',
      psql('SELECT query, mean_time FROM pg_stat_statements ORDER BY mean_time DESC'),
      psql('SELECT query, mean_exec_time FROM pg_stat_statements ORDER BY mean_exec_time DESC'),
    ],
    [
      'alter-system-no-reload',
      psql("ALTER SYSTEM SET log_statement = 'all'"),
      `${psql("ALTER SYSTEM SET log_statement = 'all'")} -c "SELECT pg_reload_conf()"`,
    ],
    [
      'deprecated-endpoints',
      'kubectl get ep web -n shop',
      'kubectl get endpointslices -l kubernetes.io/service-name=web -n shop',
    ],
    ['logs-of-one-pod', 'kubectl logs deploy/web -n shop', 'kubectl logs deploy/web -n shop --all-pods=true'],
    ['logs-of-one-pod', 'kubectl logs sts/redis -n shop', 'kubectl logs redis-0 -n shop'],
    ['grep-v-running', 'kubectl get pods -A | grep -v Running', 'kubectl get pods -A'],
    [
      'free-in-container',
      'kubectl exec web-0 -n shop -- free -h',
      'kubectl exec web-0 -n shop -- cat /sys/fs/cgroup/memory.current',
    ],
    [
      'reset-on-one-pod',
      'kubectl exec web-0 -n shop -- curl -X POST http://localhost:8080/circuit-breaker/reset',
      'kubectl exec deployment/web -n shop -- curl -X POST http://localhost:8080/circuit-breaker/reset',
    ],
    [
      'fixed-count-after-zero',
      'kubectl scale deploy/web --replicas=0 -n shop\nkubectl scale deploy/web --replicas=3 -n shop',
      'kubectl scale deploy/web --replicas=3 -n shop',
    ],
    [
      'fixed-count-after-zero',
      'kubectl scale deploy/web --replicas=0 -n shop\nkubectl scale deploy/web --replicas=3 -n shop',
      'kubectl scale deploy/web --replicas=0 -n shop',
    ],
    [
      'pg-restore-live-database',
      'kubectl exec pg-0 -n shop -- pg_restore -d shop /backup/a.dump',
      'kubectl exec pg-0 -n shop -- pg_restore -l /backup/a.dump',
    ],
    [
      'object-without-type',
      'kubectl delete <virt-operator> -n shop',
      'kubectl delete pod <virt-operator> -n shop',
    ],
    [
      'hpa-only-read',
      '# Enable autoscaling\nkubectl get hpa web -n shop',
      '# Check the autoscaler\nkubectl get hpa web -n shop',
    ],
    [
      'hpa-only-read',
      '# Create an autoscaler\nkubectl get hpa web -n shop',
      '# Create an autoscaler\nkubectl autoscale deploy web --min=2 --max=6 --cpu-percent=60 -n shop',
    ],
  ])('%s', (id, wrong, right) => {
    expect(pitfalls(wrong)).toContain(id)
    expect(pitfalls(right)).not.toContain(id)
  })

  it('deployment-beside-statefulset-pod, by a pod that another card names', () => {
    const restart = 'kubectl rollout restart deployment/redis -n shop'
    expect(pitfalls(restart, redis('PING'))).toContain('deployment-beside-statefulset-pod')
    expect(pitfalls(restart, 'kubectl exec web-0 -n shop -- free')).not.toContain(
      'deployment-beside-statefulset-pod',
    )
    expect(pitfalls('kubectl rollout restart sts/redis -n shop', redis('PING'))).toEqual([])
  })

  it('deployment-beside-statefulset-pod, with a part between name and number', () => {
    expect(
      pitfalls(
        'kubectl logs deployment/postgresql -n shop --all-pods',
        'kubectl describe pod postgresql-primary-0 -n shop',
      ),
    ).toContain('deployment-beside-statefulset-pod')
  })

  it('says a sentence with each', () => {
    const { lines } = lintRunbook({
      text: `### A\n\n\`\`\`sh\n${redis('DEL "a:*"')}\n\`\`\``,
      file: 'a.md',
      catalogue: CATALOGUE,
    })
    expect(lines[0]?.warnings[0]?.message).toMatch(/^DEL does not expand patterns: this deletes nothing\./)
  })

  it('finds nothing in plain lines', () => {
    expect(
      pitfalls(
        [
          'kubectl get pods -n shop',
          'kubectl rollout status deploy/web -n shop',
          redis('INFO memory'),
          psql('SELECT state, count(*) FROM pg_stat_activity GROUP BY state'),
          'curl http://web.shop/health',
        ].join('\n'),
      ),
    ).toEqual([])
  })
})
