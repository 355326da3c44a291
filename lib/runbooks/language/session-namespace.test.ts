import { describe, expect, it } from 'vitest'
import { CATALOGUE } from '../../operations/catalogue'
import { compile } from '../compile'
import type { BoundStep } from '../types'
import { compiled } from './testing'

describe('a namespace chosen for the lines after it', () => {
  it('is meant by those that name none', () => {
    const { bound, lines } = compiled(
      'oc get pods',
      'oc project shop',
      'oc get pods',
      'oc get pods -n other',
      'oc get pods -A',
      'oc get nodes',
      'oc delete pod web-0',
    )
    expect(lines[1]).toMatchObject({ outcome: 'typed', operation: null })
    expect(bound.map(({ kubectl }) => kubectl)).toEqual([
      'kubectl get pods -n default',
      'kubectl get pods -n shop',
      'kubectl get pods -n other',
      expect.stringContaining('-A'),
      'kubectl get nodes',
      'kubectl -n shop delete pod web-0',
    ])
  })

  it.each(['kubectl config set-context --current --namespace=shop', 'kubens shop', 'kubectl ns shop'])(
    'stays with a person who uses that tool, and is meant all the same: %s',
    (line) => {
      const { steps, lines } = compiled(line, 'kubectl logs web-0')
      expect(lines[0]?.outcome).toBe('manual')
      expect(lines[0]?.reason).toContain('The lines after it mean the namespace shop.')
      expect((steps[1] as BoundStep).params).toMatchObject({ namespace: 'shop' })
    },
  )

  const DELETED = 'kubectl delete pod web-0'
  /** What the last of these lines says. */
  const last = (...lines: string[]) => compiled(...lines, DELETED).bound.at(-1)?.kubectl
  const asked = 'kubectl -n <namespace> delete pod web-0'

  it.each([
    'kubectl config unset contexts.x.namespace',
    'kubens -',
    'oc project pay extra',
    'oc login https://api.example.com',
    'kubectl config use-context prod',
    'kubectx prod',
    '(oc project pay && oc get pods)',
    'sh -c "oc project pay"',
    'kubectl config set-context --current --cluster=prod --namespace=pay',
    'kubectl config set-context other --namespace=pay',
    'oc project shop-xxxxx',
    'oc project PROJECT_NAME',
    'kubectl apply -f ns.yaml && kubectl config set-context --current --namespace=pay && oc project x',
  ])('that is not known afterwards is asked for: %s', (line) => {
    expect(last('oc project shop', line)).toBe(asked)
  })

  it.each(['kubectl config use-context prod', 'kubectx prod', 'oc login https://api.example.com'])(
    'is the usual one where only the context was chosen: %s',
    (line) => {
      expect(last(line)).toBe(DELETED)
    },
  )

  it.each([
    ['kubectl config set-context --current --namespace=a --namespace=b', 'kubectl -n b delete pod web-0'],
    ['kubectl config set-context --current --namespace=', 'kubectl -n default delete pod web-0'],
    [
      'kubectl config set-context $(kubectl config current-context) --namespace=shop',
      'kubectl -n shop delete pod web-0',
    ],
    [
      'kubectl apply -f ns.yaml && kubectl config set-context --current --namespace=pay',
      'kubectl -n <namespace> delete pod web-0',
    ],
    ['oc new-project --description=x shop', 'kubectl -n shop delete pod web-0'],
    ['oc project shop -q', 'kubectl -n shop delete pod web-0'],
    ['oc new-project shop --skip-config-write', DELETED],
    ['kubectl config set-context --current --namespace=shop --kubeconfig=/tmp/k', DELETED],
    ['kubectl config get-contexts', DELETED],
    ['oc project', DELETED],
  ])('is read as kubectl and oc read it: %s', (line, kubectl) => {
    expect(last(line)).toBe(kubectl)
  })

  it('is the one that a variable had when it was chosen', () => {
    expect(last('NS=a', 'oc project $NS', 'NS=b')).toBe('kubectl -n a delete pod web-0')
    expect(last('oc project $NS', 'NS=b')).toBe(asked)
  })

  it('is not said where a manifest says it', () => {
    const manifest = (namespace: string) =>
      `cat <<EOF | kubectl apply -f -\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n${namespace}EOF`
    const line = (namespace: string) => compiled('oc project shop', manifest(namespace)).bound[0]?.kubectl
    expect(line('  namespace: other\n')).not.toContain('-n shop')
    expect(line('')).toContain('-n shop')
  })

  it('is meant by what xargs runs, too', () => {
    const { bound } = compiled(
      'oc project shop',
      'oc get pods -o name | grep web | xargs oc delete',
      'oc get nodes -o name | xargs -I{} kubectl get {}',
      'oc get pods -o name | xargs kubectl delete -n other',
    )
    expect(bound.map(({ kubectl }) => kubectl)).toEqual([
      'kubectl -n shop get pods -o name | grep web | xargs oc -n shop delete',
      "kubectl get nodes -o name | xargs '-I{}' kubectl -n shop get '{}'",
      'kubectl -n shop get pods -o name | xargs kubectl delete -n other',
    ])
  })

  it('may be filled in', () => {
    const { bound } = compiled('oc project <team>', 'oc delete pod web-0')
    expect(bound[0]).toMatchObject({
      kubectl: 'kubectl -n <team> delete pod web-0',
      inputs: [{ name: 'team', required: true }],
    })
  })

  it('leaves a line alone that did something before it', () => {
    const { lines } = compiled('oc delete pod web-0 && oc project shop')
    expect(lines[0]?.outcome).toBe('manual')
  })

  it('ends with the card', () => {
    const text = ['# T', '### A', '```sh', 'oc project shop', '```', '### B', '```sh', 'oc get pods', '```']
    const { runbook } = compile({ text: text.join('\n'), file: 'a.md', catalogue: CATALOGUE })
    expect(runbook.cards.at(-1)?.steps[0]).toMatchObject({ kubectl: 'kubectl get pods -n default' })
  })
})
