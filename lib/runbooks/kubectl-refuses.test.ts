import { describe, expect, it } from 'vitest'
import { parseCommandLine } from './words'

function said(line: string): string | undefined {
  const read = parseCommandLine(line)
  return 'manual' in read ? read.manual : undefined
}

describe('a command that kubectl 1.31 refuses', () => {
  it.each([
    ['rollout restart pod/web', /no Pod/],
    ['rollout restart rollout/web', /takes Deployment, DaemonSet or StatefulSet/],
    ['rollout pause sts/web', /takes a Deployment/],
    ['rollout status job/backup', /no Job/],
    ['logs cronjob/backup', /its Jobs have/],
    ['logs node/n1', /no Node/],
    ['exec cm/web -- date', /no ConfigMap/],
    ['expose sts/web --port=80', /no StatefulSet/],
    ['autoscale ds/web --max=3', /what has replicas/],
    ['scale pod/web --replicas=2', /what has replicas/],
    ['scale deploy/web --replicas=-1', /not less than 0/],
    ['cordon pod/web', /takes a Node/],
    ['taint pod web a=b:NoSchedule', /takes a Node/],
    ['label pod web a=b late', /objects first/],
    ["label pod web 'a=b c'", /cannot be the value of a label/],
    ['annotate pod web a=b late', /objects first/],
    ['delete pod web --all', /a name or a selector/],
    ['delete pod web -l a=b', /a name or a selector/],
    ['delete pod web --force --grace-period=5', /--grace-period=0 only/],
    ['delete pod web --now --grace-period=5', /not both/],
    ['describe pod web -A', /across all namespaces/],
    ['logs web -c app --all-containers', /not both/],
    ['logs web --since=5m --since-time=2024-01-01T00:00:00Z', /not both/],
    ['wait --for=ready pod/web', /knows no "ready"/],
    ['wait --for=delete pod/web --timeout=5', /wants a duration/],
    ['rollout status deploy/web --timeout=60', /wants a duration/],
    ['top pods --sort-by=cpu,memory', /knows cpu and memory/],
    ['top nodes --containers', /nodes has no flag --containers/],
    ['top nodes -A', /nodes has no flag --all-namespaces/],
    ['events --types=Error', /knows Normal and Warning/],
    ['get pods -o table', /prints no "table"/],
    ['get pods -o yaml --show-labels', /in its own tables only/],
    ['get pods -o custom-columns=NAME', /not HEADER:PATH/],
    ['get pods -o custom-columns', /wants what it prints/],
    ['get pods -o custom-columns=NAME:.metadata.name --show-labels', /own tables only/],
    ['get pods -o json=x', /prints no "json=x"/],
    ['delete pod web --now --force', /not both/],
    ['uncordon n1 -l a=b', /a name or a selector/],
    ['label pod web a=b --field-selector=metadata.name=web', /a name or a selector/],
    ['taint node/n1 a=b:NoSchedule', /wants TYPE NAME/],
  ])('kubectl %s stays with a person', (words, why) => {
    expect(said(`kubectl ${words}`)).toMatch(why)
  })

  it.each([
    'rollout restart deploy -l app=web',
    'rollout restart <type>/<name>',
    'logs svc/web',
    'exec job/backup -- date',
    'scale widget.example.org/web --replicas=2',
    'label pod web a=b c-',
    'label pod web team=<your team>',
    'delete pod web --force --grace-period=0',
    'wait --for=condition=Ready=false pod/web --timeout=1h30m',
    'wait --for=delete pod/web --timeout=<time>',
    'wait --for=Delete pod/web --timeout=0',
    'top nodes --show-capacity',
    'events --types=warning,Normal',
    'get pods -o custom-columns=NAME:.metadata.name,IP:.status.podIP',
    'get pods -o wide --show-labels',
    'get pods -o YAML',
    "get pods -o ''",
    'get pods -o jsonpath --template={.items}',
    'describe node n1 -A',
    'delete pod web --now --grace-period=-1',
    'wait --for=condition=Ready pod/web --timeout=+90s',
    'get pods -o jsonpath-as-json={.items}',
  ])('kubectl %s is none', (words) => {
    expect(said(`kubectl ${words}`)).toBeUndefined()
  })
})
