import { describe, expect, it } from 'vitest'
import { parseCommandLine } from '../words'

function understood(text: string) {
  const read = parseCommandLine(text)
  if ('manual' in read) throw new Error(`${text}: ${read.manual}`)
  return read
}

const words = (text: string) => understood(text).commands.map(({ argv }) => argv.slice(1).join(' '))

function reason(text: string): string {
  const read = parseCommandLine(text)
  return 'manual' in read
    ? read.manual
    : `understood: ${JSON.stringify(read.commands.map(({ argv }) => argv))}`
}

describe('what stands before a command', () => {
  it.each([
    '$ kubectl get pods',
    '% kubectl get pods',
    '> kubectl get pods',
    '# kubectl get pods',
    '❯ kubectl get pods',
    '➜  ~ kubectl get pods',
    'ops@bastion:~$ kubectl get pods',
    '(venv) ops@bastion ~ % kubectl get pods',
    '[root@node1 ~]# kubectl get pods',
    'bash-5.1$ kubectl get pods',
    'PS C:\\Users\\ops> kubectl.exe get pods',
    'sudo -E kubectl get pods',
    'sudo -u ops kubectl get pods',
    'time kubectl get pods',
    'timeout 30 kubectl get pods',
    'timeout -k 5 30s kubectl get pods',
    'env LANG=C kubectl get pods',
    'LANG=C kubectl get pods',
    'nice -n 5 kubectl get pods',
    '/usr/local/bin/kubectl get pods',
    'k get pods',
    'oc get pods',
    'microk8s kubectl get pods',
    'minikube kubectl -- get pods',
    'kubectl get pods # all of them',
    'kubectl get pods 2>/dev/null',
    'kubectl get pods 2>&1',
    'kubectl get pods > /dev/null',
    'kubectl get pods || true',
    'kubectl get pods || echo "none: $?x"',
    'kubectl get pods; echo',
    'kubectl get pods | less',
    'kubectl get pods | cat',
  ])('%s', (line) => {
    expect(words(line)).toEqual(['get pods'])
  })

  it('is told when it is left out', () => {
    expect(understood('timeout 30 kubectl get pods 2>/dev/null || echo none').notes).toEqual([
      '2>/dev/null is left out: it changes nothing that is looked at.',
      'The limit of 30 is left out: requests have limits here.',
      'What only prints a text when the command fails is left out.',
    ])
  })

  it('watch is noted, as words and as one quoted line', () => {
    for (const line of [
      'watch kubectl get pods -n <team>',
      'watch -n 5 -d -- kubectl get pods -n <team>',
      `watch -n 5 'kubectl get pods -n <team>'`,
      'watch "kubectl get pods -n $TEAM"',
      `watch 'kubectl get pods -n $TEAM'`,
    ])
      expect(understood(line).commands).toMatchObject([
        { repeated: true, argv: ['kubectl', 'get', 'pods', '-n', '<team>'] },
      ])
    expect(understood(`watch 'kubectl get pods | grep web'`).commands[0]?.filters).toHaveLength(1)
    expect(reason(`watch "watch 'kubectl get pods'"`)).toMatch(/more than one level deep/)
  })
})

describe('oc', () => {
  it.each([
    ['oc adm drain node-1 --ignore-daemonsets', 'drain node-1 --ignore-daemonsets'],
    ['oc adm top nodes', 'top nodes'],
    ['oc rsh web-0 ls /tmp', 'exec web-0 -- ls /tmp'],
    ['oc rsh -T -c app -n shop deploy/web ls -l', 'exec -c app -n shop deploy/web -- ls -l'],
    ['oc -n shop rsh web-0 cat /etc/hosts', 'exec -n shop web-0 -- cat /etc/hosts'],
  ])('%s', (line, kubectl) => {
    expect(words(line)).toEqual([kubectl])
  })

  it.each([
    ['oc rsh web-0', /interactive session \(oc rsh\)/],
    ['oc debug node/node-1', /debugging/],
    ['oc projects', /client configuration/],
    ['oc whoami -t', /who is signed in/],
    ['oc adm must-gather', /oc adm must-gather has no counterpart/],
    ['oc extract secret/web --to=-', /oc extract has no counterpart/],
    ['oc set volume deploy/web', /oc set volume has no counterpart/],
    ['oc rollout latest dc/web', /oc rollout latest/],
    ['oc create route edge --service=web', /oc create route/],
    ['oc logs -f bc/web', /oc logs of builds/],
  ])('%s', (line, why) => {
    expect(reason(line)).toMatch(why)
  })
})

describe('a text that kubectl reads', () => {
  const manifest = 'kind: Namespace\nmetadata:\n  name: it’s-a-test\n'
  it.each([
    `kubectl apply -f - <<EOF\n${manifest}EOF`,
    `kubectl apply -f - <<'EOF'\n${manifest}EOF`,
    `kubectl apply -f - <<-EOF\n\t${manifest.replaceAll('\n', '\n\t')}EOF`,
    `cat <<EOF | kubectl apply -f -\n${manifest}EOF`,
    `cat << "EOF" | kubectl create -n shop -f -\n${manifest}EOF`,
    `echo '${manifest.trimEnd()}' | kubectl apply -f -`,
    `echo -n "${manifest}" | kubectl apply -f -`,
    `printf '%s' '${manifest}' | kubectl replace -f -`,
    `kubectl apply -f- <<< '${manifest.trimEnd()}'`,
  ])('%j', (line) => {
    const { commands } = understood(line)
    expect(commands).toHaveLength(1)
    expect(commands[0]?.stdin).toBe(manifest)
  })

  it('has placeholders where a shell or a person would fill in', () => {
    const line = "kubectl apply -f - <<EOF\nname: $APP # don't\nspace: <Team>\njson: {a}\nEOF"
    expect(understood(line)).toMatchObject({
      commands: [{ stdin: "name: <app> # don't\nspace: <team>\njson: {a}\n" }],
      placeholders: [{ spelling: '<Team>' }, { spelling: '$APP' }],
    })
    expect(understood("kubectl apply -f - <<'EOF'\nname: $APP\nEOF").commands[0]?.stdin).toBe('name: $APP\n')
  })

  it.each([
    ['kubectl apply -f - <<EOF\nkind: Pod', /here-document has no end/],
    ['kubectl apply -f -', /a text that the line does not hold/],
    ['cat pod.yaml | kubectl apply -f -', /pipes the output of cat/],
    ['envsubst < pod.yaml | kubectl apply -f -', /reads from a file/],
    [
      'kubectl create secret generic a --from-literal=b=c --dry-run=client -o yaml | kubectl apply -f -',
      /feeds what one command prints to kubectl/,
    ],
    ['cat <<EOF > pod.yaml\nkind: Pod\nEOF', /writes to a file/],
    ['kubectl exec -i pg-0 -- psql -f - <<EOF\nselect 1\nEOF', /gives kubectl exec a text to read/],
    ['echo y | kubectl delete pod web-0', /gives kubectl delete a text to read/],
  ])('%j is manual', (line, why) => {
    expect(reason(line)).toMatch(why)
  })
})

describe('what stays with a person says why', () => {
  it.each([
    ['kubectl apply -f pod.yaml', /uses a file of the person who types it \(pod\.yaml\)/],
    ['kubectl delete -fpod.yaml', /uses a file/],
    ['kubectl apply -k overlays/prod', /uses a file/],
    ['kubectl create secret generic a --from-file=key.pem', /uses a file/],
    ['kubectl apply -f https://example.org/pod.yaml', /an address on the network/],
    ['kubectl exec -it web-0 -- /bin/bash', /interactive session \(bash\)/],
    ['kubectl exec -it pg-0 -- psql -U app shop', /interactive session \(psql\)/],
    ['kubectl exec -it redis-0 -- redis-cli -h localhost', /interactive session \(redis-cli\)/],
    ['kubectl exec -it web-0 sh', /interactive/],
    ['kubectl exec web-0 -- vi /etc/hosts', /interactive session \(vi\)/],
    ['kubectl create --edit -f pod.yaml', /opens an editor/],
    ['kubectl debug node/a -it --image=busybox', /debugging/],
    ['kubectl attach web-0', /joins/],
    ['kubectl proxy', /opens a port/],
    ['kubectl cp web-0:/tmp/a a', /copies files/],
    ['kubectl config use-context prod', /client configuration/],
    ['kubectl cert-manager status certificate web', /kubectl cert-manager is a plugin/],
    ['KUBECONFIG=other.yaml kubectl get pods', /KUBECONFIG, which points the command at another cluster/],
    ['export HTTPS_PROXY=http://proxy', /HTTPS_PROXY/],
    ['TEAM=shop kubectl get pods -n $TEAM', /TEAM for this one command/],
    ['kubectl get pods -n $TEAM; TEAM=shop', /TEAM after it was used/],
    ['pods=(web-0 web-1)', /array/],
    ['PATH+=:/opt', /appends/],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's variable
    ['kubectl get pods -n ${TEAM:-shop}', /rewrite the variable/],
    ['kubectl get pods -n $1', /\$1, which only a script knows/],
    ['kubectl scale deploy/web --replicas=$((2+1))', /compute something/],
    ['diff <(kubectl get cm a) <(kubectl get cm b)', /as a file/],
    ['kubectl get {pods,svc}', /alternatives in braces/],
    ['! kubectl get pods', /success into failure/],
    ['kubectl rollout status deploy/web || kubectl rollout undo deploy/web', /fails \(\|\|\)/],
    ['kubectl get pods | while read p; do kubectl delete $p; done', /shell loop/],
    ['until kubectl get pods; do sleep 1; done', /shell loop/],
    ['kubectl get pods | gzip', /goes into gzip/],
    [
      'kubectl logs $(kubectl get pods -o name $(kubectl get ns $(kubectl get cm)))',
      /more than one level deep/,
    ],
    ['kubectl logs $(kubectl get pods; kubectl get svc)', /more than one command/],
    ['kubectl logs $(whoami)', /does not come from one plain read: whoami works on the machine/],
    ['echo done', /only prints a text/],
    [`${'kubectl get pods; '.repeat(60)}`, /more than 50 commands/],
  ])('%s', (line, why) => {
    expect(reason(line)).toMatch(why)
    expect(reason(line)).toMatch(/\.$/)
  })
})

describe('time', () => {
  // A line as long as may be of each kind that could send a reader back to its beginning.
  it.each([
    '{',
    '<a',
    '[a b',
    '{{ a',
    '$(',
    '`',
    '"',
    "'",
    '<<A ',
    'a=',
    '${',
    '$((',
    '|a ',
    '<a b c d e f',
    '~ ',
    'a@',
  ])('grows with the length of a line of %j only', (piece) => {
    const started = performance.now()
    parseCommandLine(piece.repeat(8_000 / piece.length))
    parseCommandLine(`kubectl apply -f - <<EOF\n${piece.repeat(60_000 / piece.length)}\nEOF`)
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})
