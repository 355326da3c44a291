/** Programs that stand in the terminal of who runs a cluster. */
const PROGRAMS = new Set(
  `kubectl oc k helm istioctl argocd flux docker podman nerdctl crictl ctr etcdctl etcdutl curl wget psql pg_isready
pg_dump pg_dumpall pg_restore pg_basebackup pgbench patronictl redis-cli sentinel kong kcat kafkacat mysql mysqldump
mysqladmin mongo mongosh mongodump rabbitmqctl rabbitmq-diagnostics rabbitmqadmin nodetool cqlsh clickhouse-client
promtool amtool logcli mimirtool thanos influx cmctl virtctl subctl longhornctl ceph rados rbd kustomize minikube
kubeadm kubectx kubens stern k9s velero cilium calicoctl linkerd hubble gcloud aws az eksctl kops doctl rosa
terraform ansible ansible-playbook git cat grep egrep fgrep zgrep awk sed jq yq ls cd cp mv rm mkdir chmod chown ln df du
ps kill pkill ss netstat ip ping dig nslookup nc ncat telnet traceroute mtr tcpdump openssl ssh scp rsync journalctl
systemctl dmesg lsof lsblk iostat vmstat sysctl mount umount nsenter strace python python3 npm npx envsubst base64
uniq wc cut tr xargs tee export unset printf eval alias sh bash zsh must-gather cosign skopeo crane vault consul nomad
tkn kn kubelet nvidia-smi java jstack jmap jcmd py-spy kafka-topics kafka-consumer-groups kafka-configs`.split(
    /\s+/,
  ),
)
/** Programs whose names are words too: their line has to go on as a command does. */
const WORDS = new Set(
  'find free top sort head tail echo set test host time watch make node go service source read kind sleep exec column env id date which run'.split(
    ' ',
  ),
)
const KUBERNETES = /^(?:kubectl|oc|k)(?:\s|$)/
/** What may stand in front of a program: another one that runs it, and variables for it alone. */
const WRAPPERS =
  /^(?:(?:sudo|time|watch|nohup|command|exec)(?:\s+-[\w-]+(?:[ =]\d+)?)*\s+|[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|[^\s"'$(`]*)\s+(?=[\w./]))*/
const LOOP = /^(?:for\s+\w+\s+in\b|while\s|until\s|if\s+[[!\w])/
/** `restart_all() {`, `function restart_all {`: a command, since its lines alone would mean another thing. */
const FUNCTION =
  /^(?:function\s+[\w.:-]+\s*(?:\(\s*\))?|[A-Za-z_][\w-]*\s*\(\s*\))\s*(?:\{(?:\s|$)|$)|^[A-Za-z_][\w.:-]*\s*\(\s*\)\s*\{(?:\s|$)/

/** Whether a line begins with kubectl or the like, whatever stands around it. */
export function isKubernetes(line: string): boolean {
  const text = line.slice(0, 2_000).trim()
  return KUBERNETES.test(
    text.replace(WRAPPERS, '').replace(/^(?:export\s+)?[A-Za-z_]\w*=["']?\(?(?:\$\(|`)\s*/, ''),
  )
}

/** Whether a line looks as if it were typed, not printed. */
export function isCommand(line: string): boolean {
  const text = line.slice(0, 2_000).trim()
  if (/^[A-Za-z_]\w*=(?:["']?\$\(|`)/.test(text) || LOOP.test(text) || FUNCTION.test(text)) return true
  // A variable that holds the command, or a prompt without a blank: typed, and for a person to read.
  if (/^\$(?:kubectl|oc)\s/.test(text)) return true
  const bare = text.replace(WRAPPERS, '')
  if (/^["']/.test(bare) && bare !== text) return isCommand(bare.slice(1))
  const [program = '', next = ''] = bare.split(/\s+/, 2)
  const name =
    program
      .split('/')
      .at(-1)
      ?.replace(/\.(?:sh|py)$/, '') ?? ''
  if (PROGRAMS.has(program) || (program.includes('/') && PROGRAMS.has(name))) return true
  if (WORDS.has(program)) return next === '' ? text.length < 8 : /^[-./$"'~|\d<[{]/.test(next)
  if (/^(?:\.{1,2}|~)?\/[\w.-]+(?:\/[\w.-]+)*$/.test(program))
    return program.startsWith('.') || next.startsWith('-')
  if (/^[\w.-]+\.(?:sh|py)$/.test(program)) return true
  if (!/^[a-z][\w.-]*$/.test(program) || /\S[ ]{2,}\S/.test(bare)) return false
  return /\s--?[a-zA-Z][\w-]*/.test(bare.slice(program.length)) && !/[.:!?]$/.test(bare)
}

/** A variable that is set for later lines: typed at the top of a block, printed by `env` further down. */
export function isAssignment(line: string): boolean {
  return /^\s*[A-Za-z_]\w*=\S/.test(line)
}

const TABLE =
  /^[A-Z][A-Z0-9_()%./-]*(?:(?:\s{2,}|\t)[A-Z][A-Z0-9_()%./ -]*)+\s*$|^(?:[A-Z][A-Z0-9_()%/-]+\s+){2,}[A-Z][A-Z0-9_()%/-]+\s*$/
const PRINTED = [
  /^\s*[{}[\]]+,?\s*$/,
  /^\s*\{?\s*"[^"]{0,200}"\s*:/,
  /^\s*(?:- )?["']?[\w./ -]{1,80}["']?:(?:\s|$)/,
  /^\s*-\s/,
  /^(?:---|\.\.\.)\s*$/,
  /^\s*(?:\[?\d{4}[-/]\d\d[-/]\d\d|\d\d:\d\d:\d\d|[IWEF]\d{4}\s|(?:level|time|ts|msg)=)/,
  /^(?:Error|Warning|error|warning|ERROR|WARN|INFO|DEBUG|FATAL|panic|fatal)\b/,
  /^[a-z][\w.-]*\/[\w.-]+\s+(?:created|configured|unchanged|deleted|patched|restarted|scaled|labell?ed|annotated|\w*cordoned|drained|evicted|condition|rolled|autoscaled|image|resource|serverside)\b/,
  /^[a-z][\w.]* "[^"]{1,200}" (?:\w+ )*(?:deleted|created|rolled|successfully|force|configured)\b/,
  /^\s*(?:\[?(?:\.\.\.|…)\]?|<snip>|\[snip\])\s*$/,
  /^(?:No resources found|Waiting for |Defaulted container|Name:\s|Events:)/,
  /^[+|][-+=|]{3,}/,
  // The marks with which programs tick off what they looked at.
  /^\s*[×√✓✔✗✘‼]\s/,
]

/** Whether a line is a heading of a table as kubectl prints it. */
export function isTableHeading(line: string): boolean {
  return TABLE.test(line.slice(0, 1_000))
}

/** Whether a program surely printed a line. */
export function isPrinted(line: string): boolean {
  const text = line.slice(0, 1_000)
  return isTableHeading(text) || PRINTED.some((pattern) => pattern.test(text))
}
