/** What a line becomes once its values are there must be what was approved for its words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSandbox } from '@/sandbox/server'
import type { RunningSandbox } from '@/sandbox/types'
import { createWorld } from '@/sandbox/world/world'
import { RESOURCE } from '../../../targets/resource-types'
import { type LinesAtHand, linesAtHand, operationFor } from './testing'

let sandbox: RunningSandbox
let at: LinesAtHand

beforeAll(async () => {
  sandbox = await startSandbox({ world: createWorld({ settle: true }) })
  at = linesAtHand(sandbox.kubeconfig)
}, 60_000)
afterAll(() => sandbox.stop())

describe('a value that is filled in', () => {
  it('does not turn a change into an outage', async () => {
    const line = 'kubectl scale deployment -l app=cms-web --replicas=<count> -n cms'
    expect(operationFor(line).operation.id).toBe('kubernetes.change-object')
    expect((await at.press(line, { count: '0' })).said).toMatch(/another kind of change/)
    expect((await at.press(line, { count: 'many' })).said).toMatch(/wants a number, and "many" is none/)
    expect((await at.press(line, { count: '2' })).said).toBe('done')
  }, 60_000)

  it('does not become a program that a new pod runs, and a second person sees one of the line', () => {
    const made = (words: string) => operationFor(`kubectl create deployment d --image=busybox ${words}`)
    for (const words of ['sh -c "echo <text>"', 'xargs -n1 <what>', '<program> -v'])
      expect(() => made(`-- ${words}`), words).toThrow(/nothing stands for/)
    expect(made('-- sleep <seconds>').operation).toMatchObject({ risk: 'high' })
    expect(made('-- sh -c "rm -rf /data"').operation).toMatchObject({ risk: 'high' })
    expect(made('--port=<port>').operation).toMatchObject({ risk: 'medium' })
    const role = operationFor('kubectl create clusterrole r --verb=get --resource=secrets')
    expect(role.operation).toMatchObject({ risk: 'high' })
  })

  it('does not make a manifest one of a Secret', async () => {
    const manifest = (kind: string) =>
      `echo '{"apiVersion":"v1","kind":"${kind}","metadata":{"name":"s"},"stringData":{"p":"hunter2"}}' | kubectl apply -f -`
    expect(() => operationFor(manifest('Secret'))).toThrow(/nothing stands for/)
    expect(() => operationFor(manifest('<kind>'))).toThrow(/nothing stands for/)
    const flow = `kubectl apply -f - <<EOF\n{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {}}\nEOF`
    expect(() => operationFor(flow)).toThrow(/nothing stands for/)
  })
})

describe('an object whose type is filled in, too', () => {
  it('is read, changed and removed as what it is', async () => {
    const seen = await at.look('kubectl describe <web> -n cms', { web: 'deployment/cms-web' })
    expect(seen.raw[0]?.text).toMatch(/^Name: +cms-web/)
    const label = 'kubectl label <web-name> tier=front -n cms'
    expect((await at.press(label, { 'web-name': 'deployment/cms-web' })).said).toBe('done')
    expect((await at.press('kubectl delete <it> -n cms', { it: 'pod/nope' })).said).toMatch(
      /"nope" not found/,
    )
  }, 60_000)

  it('is never all of a kind', async () => {
    for (const it of ['pods', 'all', 'pod,svc'])
      expect((await at.press('kubectl delete <it> -n cms', { it })).said, it).toMatch(
        /neither an object nor a selector|deletes whatever is there/,
      )
  })

  it('may be a secret, whose values are not shown and not written', async () => {
    const secret = { it: 'secret/jwt-secret' }
    const seen = await at.look('kubectl get <it-name> -n backend-services -o yaml', {
      'it-name': secret.it,
    })
    expect(seen.verdict).not.toBe('unknown')
    const stored = await at.cluster.reader.get(RESOURCE.Secret, 'jwt-secret', 'backend-services')
    if (!stored.ok) throw new Error(stored.error.message)
    for (const value of Object.values(stored.value.data as Record<string, string>))
      expect(JSON.stringify(seen)).not.toContain(value)
    const patch = `kubectl patch <it> -n backend-services --type merge -p '{"data":{"a":"Yg=="}}'`
    expect((await at.press(patch, secret)).said).toMatch(/another kind of change/)
  })
})

it('a name of dots touches nothing above', async () => {
  for (const [line, filled] of [
    ['kubectl label <it> cold=yes -n cms', { it: 'pod/..' }],
    ['kubectl label pods --all cold=yes -n <ns>', { ns: '..' }],
    ['kubectl delete <it> -n cms', { it: 'pod/..' }],
    ['kubectl delete <it> -n cms', { it: 'pod/.' }],
  ] as [string, Record<string, string>][])
    expect((await at.press(line, filled)).said, line).toMatch(/cannot be \. or \.\./)
})

describe('names that are printed', () => {
  it('are not lost where one does not exist', async () => {
    const seen = await at.look('kubectl get pod nope -n cms -o name | xargs kubectl describe -n cms')
    expect([seen.verdict, seen.summary]).toEqual(['fail', 'Pod nope in cms does not exist'])
    const pressed = await at.press('kubectl get pod nope -n cms -o name | xargs kubectl delete -n cms')
    expect(pressed.said).toBe('Pod nope in cms does not exist')
  })

  it('are no kind, which would mean all of them', async () => {
    const line = `kubectl get pods -n cms -o jsonpath='{.items[0].kind}' | xargs kubectl delete -n cms`
    expect((await at.press(line)).said).toMatch(/neither an object nor a selector/)
    const pods = await at.cluster.reader.list(RESOURCE.Pod, { namespace: 'cms' })
    expect(pods.ok && pods.value.length).toBeGreaterThan(0)
  })
})

describe('a removal', () => {
  it('goes the way the line says', async () => {
    const sent: unknown[] = []
    const remove = at.cluster.writer.remove.bind(at.cluster.writer)
    at.cluster.writer.remove = (...asked) => {
      sent.push(asked[3])
      return remove(...asked)
    }
    const made = await at.press('kubectl delete deployment cms-web -n cms --cascade=orphan --grace-period=5')
    expect(made.said).toBe('done')
    expect(sent).toMatchObject([{ propagationPolicy: 'Orphan', graceSeconds: 5 }])
    expect(made.plan).toMatchObject({
      value: { warnings: [{ text: 'What it owns stays, and belongs to nobody.' }] },
    })
    const pods = await at.cluster.reader.list(RESOURCE.Pod, {
      namespace: 'cms',
      labelSelector: 'app=cms-web',
    })
    expect(pods.ok && pods.value.length).toBeGreaterThan(0)
  }, 60_000)
})
