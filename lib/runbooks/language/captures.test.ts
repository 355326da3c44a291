import { describe, expect, it } from 'vitest'
import { compiled } from './testing'

/** The first command stands on this line. */
const FIRST = 6

describe('captures', () => {
  it('become a check that feeds a parameter, and the line that uses it', () => {
    const { bound, lines } = compiled(
      'POD=$(kubectl get pods -n shop -l app=web -o name | head -1)',
      'kubectl logs $POD -n shop',
    )
    expect(lines.map(({ outcome }) => outcome)).toEqual(['typed', 'typed'])
    expect(bound).toMatchObject([
      { kind: 'check', feeds: 'pod', filters: [{ program: 'head' }] },
      {
        parameters: [{ name: 'pod', spelling: '$POD', provenance: { kind: 'captured', line: FIRST } }],
        inputs: [
          { name: 'pod', required: false, help: `Left empty, it is taken from the output of line ${FIRST}` },
        ],
      },
    ])
  })

  it.each(['$(kubectl get pods -n shop -o name | head -1)', '`kubectl get pods -n shop -o name | head -1`'])(
    'inside a line: %s',
    (capture) => {
      const { bound, lines } = compiled(`kubectl describe pod ${capture} -n shop`)
      expect(lines).toHaveLength(1)
      expect(lines[0]).toMatchObject({ outcome: 'typed', operation: bound[1]?.operation })
      expect(bound).toMatchObject([
        { feeds: 'captured', source: { line: FIRST } },
        {
          parameters: [
            { name: 'captured', spelling: capture, provenance: { kind: 'captured', line: FIRST } },
          ],
        },
      ])
      expect(JSON.stringify(bound[1]?.params)).toContain('<captured>')
    },
  )

  it.each([
    [
      'in a word',
      ['kubectl annotate pod web-0 -n shop note="$(cat notes/a.txt)"'],
      'Contents of notes/a.txt',
    ],
    [
      'in a variable',
      ['NOTE=$(cat a.txt)', 'kubectl annotate pod web-0 -n shop note="$NOTE"'],
      'Contents of a.txt',
    ],
  ])('of what a file of theirs holds are filled in by a person, %s', (_, commands, label) => {
    const { bound, lines } = compiled(...commands)
    expect(lines.map(({ outcome }) => outcome)).not.toContain('manual')
    expect(bound).toHaveLength(1)
    expect(bound[0]?.inputs).toMatchObject([{ label, required: true }])
    expect(bound[0]?.parameters?.[0]?.provenance).toEqual({ kind: 'typed' })
  })

  it('of a file are never filled in with what another line captured', () => {
    const { bound } = compiled(
      'kubectl logs $(kubectl get pods -n shop -o name | head -1) -n shop',
      'kubectl delete pod "$(cat pod.txt)" -n shop',
      'kubectl annotate pod web-0 -n shop at="$(date +%s)"',
    )
    expect(bound[2]).toMatchObject({
      parameters: [{ provenance: { kind: 'typed' } }],
      inputs: [{ label: 'Contents of pod.txt', required: true }],
    })
    expect(bound[3]).toMatchObject({
      parameters: [{ provenance: { kind: 'typed' } }],
      inputs: [{ label: 'time', clock: ['+%s'] }],
    })
  })

  it('have a name that nothing else on the line may have', () => {
    expect(compiled('kubectl delete pod <captured> -n "$(cat ns)"').lines[0]?.outcome).toBe('manual')
    expect(compiled('CAPTURED=prod', 'kubectl get pods -n "$(cat ns)"').bound[0]?.inputs).toMatchObject([
      { label: 'Contents of ns', required: true },
    ])
  })

  it('without quotes are one word', () => {
    expect(compiled('kubectl delete pod $(cat pod.txt) -n shop').bound[0]?.inputs[0]).toMatchObject({
      oneWord: true,
    })
    expect(compiled('kubectl annotate pod web-0 -n shop at=$(date)').lines[0]?.outcome).toBe('manual')
    expect(compiled('kubectl annotate pod web-0 -n shop at="$(date)"').lines[0]?.outcome).toBe('typed')
  })

  it('of the clock in a variable are one time for every step that uses it, so somebody says it', () => {
    const { bound } = compiled(
      'TS=$(date +%s)',
      'kubectl annotate pod web-0 -n shop a=$TS',
      'kubectl annotate pod web-1 -n shop a=$TS',
    )
    for (const { inputs } of bound)
      expect(inputs).toMatchObject([
        { name: 'ts', required: true, help: expect.stringContaining('date +%s') },
      ])
    expect(bound[0]?.inputs[0]).not.toHaveProperty('clock')
  })

  it.each([
    ['in a word', ['kubectl annotate pod web-0 -n shop at="$(date -u +%F)"']],
    ['in backquotes', ['kubectl annotate pod web-0 -n shop at="`date -u +%F`"']],
  ])('of the clock need nobody, %s', (_, commands) => {
    const { bound, lines } = compiled(...commands)
    expect(lines.map(({ outcome }) => outcome)).not.toContain('manual')
    expect(bound).toHaveLength(1)
    expect(bound[0]?.inputs).toMatchObject([
      {
        label: 'time',
        required: false,
        clock: ['-u', '+%F'],
        help: expect.stringContaining('date -u +%F'),
      },
    ])
    expect(bound[0]?.kubectl).toMatch(/at="(\$\(|`)date -u \+%F(\)|`)"$/)
  })

  it.each(['$(cat a.txt b.txt)', '$(cat /etc/*)', '$(cat a.txt | head -1)', '$(cat < a.txt)'])(
    'of more than one file of theirs stay with a person: %s',
    (capture) => {
      expect(compiled(`kubectl annotate pod web-0 -n shop a="${capture}"`).lines[0]?.outcome).toBe('manual')
    },
  )

  it('may stand in each other, one level deep', () => {
    const { bound } = compiled(
      "kubectl get node $(kubectl get pod $(kubectl get pods -n shop -o name | head -1) -n shop -o jsonpath='{.spec.nodeName}')",
    )
    expect(bound.map(({ feeds }) => feeds)).toEqual(['captured', 'captured-2', undefined])
    expect(bound[1]?.parameters?.[0]?.name).toBe('captured')
    expect(bound[2]?.parameters?.[0]?.name).toBe('captured-2')
  })

  it('of anything but a read make the line manual, and leave the parameter to a person', () => {
    const { steps, bound } = compiled(
      'POD=$(kubectl delete pod web-0 -n shop)',
      'export TOKEN="$(openssl rand -hex 8)"',
      'kubectl get pod $POD -n shop',
    )
    expect(steps.slice(0, 2).map((step) => step.kind)).toEqual(['guide', 'guide'])
    expect(bound[0]?.parameters).toEqual([{ name: 'pod', spelling: '$POD', provenance: { kind: 'typed' } }])
    expect(bound[0]?.inputs).toMatchObject([{ name: 'pod', required: true }])
  })

  it('whose line is manual are no steps of their own', () => {
    const { steps, lines } = compiled('helm status $(kubectl get pods -n shop -o name | head -1)')
    expect(steps.map((step) => step.kind)).toEqual(['guide'])
    expect(lines).toHaveLength(1)
  })

  it('are not passed over by an operation that takes any name', () => {
    const { bound } = compiled('kubectl logs $(kubectl get pods -n shop -o name | head -1) -n shop')
    expect(JSON.stringify(bound[1]?.params)).toContain('<captured>')
    for (const line of ['kubectl logs $POD -n shop', 'kubectl exec {pod} -n shop -- redis-cli ping'])
      expect(JSON.stringify(compiled(line).bound[0]?.params), line).toContain('<pod>')
  })

  it('may be all of an array', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's variable
    const { bound } = compiled('pods=($(kubectl get pods -n shop -o name))', 'kubectl logs ${pods} -n shop')
    expect(bound[0]).toMatchObject({
      kind: 'check',
      feeds: 'pods',
      kubectl: 'kubectl get pods -n shop -o name',
    })
    expect(bound[1]).toMatchObject({ parameters: [{ name: 'pods', provenance: { kind: 'captured' } }] })
  })

  it('printed by an echo are what the line is about', () => {
    const { bound } = compiled(`echo "$(kubectl get svc web -n shop -o jsonpath='{.spec.clusterIP}')"`)
    expect(bound).toHaveLength(1)
    expect(bound[0]?.feeds).toBeUndefined()
  })
})

describe('assignments', () => {
  it('are the default of the parameter from there on in that card', () => {
    const { bound, lines } = compiled(
      'kubectl get pods -n $TEAM',
      'export TEAM=shop',
      'kubectl get svc -n $TEAM',
      'TEAM=other',
      'kubectl get deploy -n $TEAM',
    )
    expect(lines.map(({ outcome, operation }) => outcome === 'typed' && operation !== null)).toEqual([
      true,
      false,
      true,
      false,
      true,
    ])
    expect(bound.map(({ inputs }) => inputs[0]?.default)).toEqual([undefined, 'shop', 'other'])
    expect(bound.map(({ parameters }) => parameters?.[0]?.provenance)).toEqual([
      { kind: 'typed' },
      { kind: 'assigned', line: FIRST + 1 },
      { kind: 'assigned', line: FIRST + 3 },
    ])
  })

  it('that name other parameters stand for them', () => {
    const { bound } = compiled('TEAM=<your team>', 'APP=$TEAM-web', 'kubectl get deploy $APP -n $TEAM')
    expect(bound[0]?.kubectl).toContain('<your-team>-web')
    expect(bound[0]?.inputs.map(({ name }) => name)).toEqual(['your-team'])
  })

  it('in the same line, and for a whole line of commands', () => {
    const { bound } = compiled('TEAM=shop; kubectl get pods -n $TEAM && kubectl get svc -n $TEAM')
    expect(bound.map(({ inputs }) => inputs[0]?.default)).toEqual(['shop', 'shop'])
  })
})

describe('a line of several commands', () => {
  it('becomes a step for each, all of them or none', () => {
    expect(compiled('kubectl get pods -n a && kubectl get svc -n b').bound.map(({ title }) => title)).toEqual(
      ['Card: get pods -n a', 'Card: get svc -n b'],
    )
    const { steps, lines } = compiled('kubectl get pods -n a && helm list')
    expect(steps).toMatchObject([{ kind: 'guide', reason: expect.stringMatching(/helm manages packages/) }])
    expect(lines).toHaveLength(1)
  })

  it('may wait before it looks, not before it changes', () => {
    expect(compiled('sleep 10; kubectl get pods -n shop').bound).toHaveLength(1)
    expect(compiled('sleep 10 && kubectl rollout restart deploy/web -n shop').steps).toMatchObject([
      { kind: 'guide', reason: expect.stringMatching(/waits before a change/) },
    ])
  })

  it('is a check or a fix by what it does', () => {
    const kinds = (line: string) => compiled('# Fix it', line).steps.map(({ kind }) => kind)
    expect(kinds('watch kubectl get pods -n shop')).toEqual(['check'])
    expect(compiled('watch kubectl get pods -n shop').bound[0]?.repeated).toBe(true)
    expect(kinds('kubectl rollout restart deploy/web -n shop')).toEqual(['fix'])
    expect(kinds('watch kubectl rollout restart deploy/web -n shop')).toEqual(['guide'])
  })
})

describe('placeholders of the pipe', () => {
  it('are asked for', () => {
    const { bound } = compiled('kubectl get pods -n shop -o wide | grep $NODE | wc -l')
    expect(bound[0]).toMatchObject({
      filters: [{ argv: ['grep', '<node>'] }, { program: 'wc' }],
      inputs: [{ name: 'node', required: true }],
    })
  })
})

describe('a name left open', () => {
  it('is told', () => {
    expect(compiled('kubectl describe pod web-… -n shop').bound[0]?.parameters).toEqual([
      { name: '', spelling: 'web-…', provenance: { kind: 'unbound' } },
    ])
  })
})

describe('many lines', () => {
  const measured = (count: number) => {
    const lines = Array.from(
      { length: count },
      (_, i) => `V${i}=a${i}; kubectl get deploy web-$V${i} -n shop`,
    )
    const started = performance.now()
    compiled(...lines)
    return (performance.now() - started) / count
  }
  it('take time by their number only, also when each gives a parameter its value', () => {
    measured(200)
    expect(measured(2_000)).toBeLessThan(measured(500) * 4 + 1)
  })
})
