import { describe, expect, it } from 'vitest'
import { CATALOGUE } from '../../operations/catalogue'
import { judge } from './judge'
import { countReasons } from './reasons'
import { type CorpusRecord, readRecords } from './records'
import { shown, tally, writeJudgement, writeTable } from './table'

function record(line: string, expected = 'operation', kubectl: CorpusRecord['kubectl'] = []): CorpusRecord {
  return { repo: 'example/runbooks', path: 'a.md', lineNo: 3, line, expected, kubectl }
}

const pods = {
  argv: ['get', 'pods', '-n', 'shop'],
  requests: [{ method: 'GET', path: '/api/v1/namespaces/shop/pods' }],
}
const kinds = (...given: Parameters<typeof record>) =>
  judge(record(...given), CATALOGUE).wrong.map(({ kind }) => kind)

describe('judging a line', () => {
  it('says what it became', () => {
    const typed = judge(record('kubectl get pods -n shop', 'operation', [pods]), CATALOGUE)
    expect(typed).toMatchObject({ outcome: 'typed', operations: ['kubernetes.pods'], more: false })
    const manual = judge(record('helm rollback web'), CATALOGUE)
    expect(manual).toMatchObject({ outcome: 'manual', operations: [], wrong: [] })
    expect(manual.reason).toBeTruthy()
  })

  it('holds what kubectl rejects, and what a person does, against a compiler', () => {
    expect(kinds('kubectl get pods -n shop')).toEqual(['compiled though kubectl rejects it'])
    expect(kinds('kubectl get pods -n shop', 'manual: interactive session')).toEqual([
      'compiled though a person does it',
    ])
    expect(kinds('kubectl edit deploy web', 'manual: edit')).toEqual([])
  })

  it('does not hold against it that it can do more than expected', () => {
    for (const why of ['other tool in line', 'plugin/unknown verb', 'control flow'])
      expect(judge(record('kubectl get pods -n shop', `manual: ${why}`, [pods]), CATALOGUE)).toMatchObject({
        more: true,
        wrong: [],
      })
  })

  it('sees a change that is taken for a read, but not in a stream or a question', () => {
    const sent = (path: string, upgrade?: string) => [
      { argv: ['-n', 'shop'], requests: [{ method: 'POST', path, ...(upgrade ? { upgrade } : {}) }] },
    ]
    const line = 'kubectl get pods -n shop'
    const of = (...given: Parameters<typeof sent>) => kinds(line, 'operation', sent(...given))
    expect(of('/api/v1/namespaces/shop/pods')).toContain('change classed as a read')
    expect(of('/api/v1/namespaces/shop/pods/a/exec', 'yes')).not.toContain('change classed as a read')
    expect(of('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews')).not.toContain(
      'change classed as a read',
    )
  })

  it('sees a placeholder or a namespace that the line does not give', () => {
    const into = (params: Record<string, string>, line = 'kubectl get pods -n shop') => {
      const operation = { ...CATALOGUE[0], id: 'a.b', effect: 'read', inputs: undefined, kubectl: () => '' }
      const catalogue = [
        { ...operation, starts: undefined, recognise: () => params },
      ] as unknown as typeof CATALOGUE
      const { wrong } = judge(record(line, 'operation', [pods]), catalogue)
      return wrong.map(({ kind }) => kind)
    }
    expect(into({ namespace: 'shop' })).toEqual([])
    expect(into({ namespace: '{team}' })).toContain('placeholder sent unbound')
    expect(into({ namespace: '<shop>' }, 'kubectl get pods -n <shop>')).toEqual([])
    expect(into({ namespace: 'billing' })).toContain('invented namespace')
  })

  it('does not compare with what was recorded of a template', () => {
    const argv = ['get', 'pods', '-n', '{team}']
    const requests = [{ method: 'GET', path: '/api/v1/namespaces/%7Bteam%7D/pods' }]
    const { compared, wrong } = judge(
      record('kubectl get pods -n {team}', 'operation', [{ argv, requests }]),
      CATALOGUE,
    )
    expect({ compared, wrong }).toEqual({ compared: false, wrong: [] })
    expect(kinds('kubectl get pods -l app={app}')).toEqual([])
  })

  it('does not take a name for what a line needs, nor holds a gap in a recording against it', () => {
    for (const line of [
      'kubectl delete <virt-operator> -n shop',
      'kubectl delete <webhook-type> <webhook-name>',
      'kubectl rollout undo deploy/web --to-revision=<revision>',
      'kubectl logs deploy/web --all-pods',
      'kubectl create secret generic key --from-literal key={base64 encoded key}',
    ])
      expect(judge(record(line), CATALOGUE), line).toMatchObject({ outcome: 'typed', wrong: [] })
    const line = 'kubectl label pod web owner=$TEAM.example.com -n shop'
    const sent = (owner: string) => [
      {
        argv: ['label', 'pod', 'web', `owner=${owner}`, '-n', 'shop'],
        requests: [
          { method: 'GET', path: '/api/v1/namespaces/shop/pods/web' },
          {
            method: 'PATCH',
            path: '/api/v1/namespaces/shop/pods/web',
            contentType: 'application/merge-patch+json',
            body: JSON.stringify({ metadata: { labels: { owner } } }),
          },
        ],
      },
    ]
    const of = (owner: string) => judge(record(line, 'operation', sent(owner)), CATALOGUE)
    expect(of('team')).toMatchObject({ compared: false, wrong: [] })
    expect(of('crew').wrong).toHaveLength(1)
    expect(of('team.example.com')).toMatchObject({ compared: true, wrong: [] })
    expect(of('other.example.com').wrong).toHaveLength(1)
  })

  it('sees a part that is compiled while the rest is not', () => {
    expect(kinds('kubectl get pods -n shop\nhelm list', 'operation', [pods])).toContain('compiled in part')
  })

  it('reads a line with fences and prompts of its own', () => {
    expect(kinds("$ kubectl get pods -n shop | grep '```'", 'operation', [pods])).not.toContain(
      'line dropped',
    )
    expect(kinds('kubectl get pods \\\n  -n shop', 'operation', [pods])).not.toContain('line dropped')
  })
})

describe('the table', () => {
  const judgements = [
    record('kubectl get pods -n shop', 'operation', [pods]),
    record('kubectl get pods -n shop'),
    { ...record('helm list'), repo: 'example/other' },
  ].map((one) => judge(one, CATALOGUE))

  it('counts per repository and together', () => {
    const tallies = tally(judgements)
    expect(tallies.map(({ repo, lines, typed }) => [repo, lines, typed])).toEqual([
      ['example/other', 1, 0],
      ['example/runbooks', 2, 2],
      ['all', 3, 2],
    ])
    expect(tallies[2]?.wrongByKind).toContainEqual({ kind: 'compiled though kubectl rejects it', count: 1 })
    expect(writeTable(tallies)).toMatch(/example\/runbooks\s+2\s+2\s+100\.0\s+0/)
  })

  it('shows what is asked for', () => {
    expect(shown(judgements, 'manual').map((one) => one.record.line)).toEqual(['helm list'])
    expect(shown(judgements, judgements[2]?.reason ?? '?')).toHaveLength(1)
    expect(shown(judgements, 'kubectl rejects it')).toHaveLength(1)
    const [wrong] = shown(judgements, 'kubectl rejects it')
    expect(wrong && writeJudgement(wrong)).toContain('! compiled though kubectl rejects it: kubernetes.pods')
  })

  it('tells reasons together that differ in names only, most frequent first', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell fills these in, or nobody does
    const reasons = ['It uses the variable $A.', 'B', 'It uses the variable ${C}.', '"x" is not known.', 'A']
    expect(countReasons(reasons)).toEqual([
      { reason: 'It uses the variable ….', count: 2 },
      { reason: '"…" is not known.', count: 1 },
      { reason: 'A', count: 1 },
      { reason: 'B', count: 1 },
    ])
  })
})

describe('records', () => {
  it('are read from JSON lines, and say which one is none', () => {
    const line = JSON.stringify(record('kubectl get pods'))
    expect(readRecords(`${line}\n\n${line}\n`)).toHaveLength(2)
    expect(() => readRecords(`${line}\n{`)).toThrow('Line 2 is not JSON.')
    expect(() => readRecords('{}')).toThrow(/Line 1 is no record/)
  })
})
