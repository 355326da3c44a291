import { placeholdersIn } from '../command'
import { KUBECTL_VERBS, ownWords, valuesOf, verbAt } from './kubectl-words'
import { manual, type Reason } from './reasons'

const VERB_REASONS: Record<string, Reason> = {
  edit: 'edit',
  attach: 'attach',
  'port-forward': 'portForward',
  proxy: 'portForward',
  cp: 'copy',
  debug: 'debug',
  run: 'run',
  config: 'config',
  kuberc: 'config',
  plugin: 'localOnly',
  completion: 'localOnly',
  kustomize: 'localOnly',
  options: 'localOnly',
  help: 'localOnly',
  alpha: 'localOnly',
}
/** Verbs whose -f is a manifest; of logs it follows, of exec it is not for typing. */
const MANIFEST = new Set(
  'apply create replace delete get describe patch scale label annotate rollout set expose autoscale wait diff taint certificate'.split(
    ' ',
  ),
)
const TAKES_TEXT = new Set(['apply', 'create', 'replace', 'delete'])

const SHELL = /^(\S*\/)?(sh|bash|ash|zsh|dash|ksh|fish|csh|tcsh|su|login)$/
const PROMPTING: Record<string, RegExp> = {
  // What makes such a program do one thing and end.
  psql: /^(-[cflVX]*[cflV]|--(command|file|list|version).*)$/,
  mysql: /^(-e.*|--(execute|version).*)$/,
  mariadb: /^(-e.*|--(execute|version).*)$/,
  mongo: /^--(eval|version)/,
  mongosh: /^--(eval|version)/,
  sqlplus: /^@|^-[vV]/,
  'clickhouse-client': /^(-q|--query).*/,
  cqlsh: /^(-e|-f|--(execute|file|version)).*/,
}
const ALWAYS_PROMPTING = /^(vi|vim|nano|emacs|less|more|htop|tmux|screen|telnet|ftp|bpython|ipython)$/

/** Ends the reading of a kubectl line that only a person can run, before its flags are read. */
export function refuseKubectl(words: readonly string[], stdin: string | undefined): void {
  const own = ownWords(words)
  const at = verbAt(own)
  const verb = own[at] ?? ''
  if (at < 0) return
  const reason = Object.hasOwn(VERB_REASONS, verb) ? VERB_REASONS[verb] : undefined
  if (reason) manual(reason, verb)
  if (!KUBECTL_VERBS.has(verb)) manual('plugin', verb)
  if (own.includes('--edit') || own.includes('--edit=true')) manual('edit')
  if (verb === 'exec') refuseSession(words, own, at)
  refuseFiles(own, verb, stdin)
}

function refuseFiles(own: readonly string[], verb: string, stdin: string | undefined): void {
  const manifests = MANIFEST.has(verb) ? valuesOf(own, 'filename', 'f') : []
  const url = manifests.find((one) => /^https?:\/\//i.test(one))
  if (url) manual('url')
  const file = manifests.find((one) => one !== '-')
  if (file !== undefined) manual('localFile', file)
  if (verb !== 'logs' && verb !== 'exec') {
    const [folder] = valuesOf(own, 'kustomize', 'k')
    if (folder !== undefined) manual(/^https?:\/\/|^github\.com\//.test(folder) ? 'url' : 'localFile', folder)
  }
  for (const flag of ['from-file', 'from-env-file', 'patch-file', 'cert', 'key']) {
    if (flag.length < 5 && verb !== 'create') continue
    const [value] = valuesOf(own, flag)
    if (value !== undefined) manual('localFile', value.split('=').at(-1))
  }
  if (manifests.length > 0 && stdin === undefined) manual('standardInput')
  if (stdin !== undefined && !(TAKES_TEXT.has(verb) && manifests.length > 0))
    manual('unusedInput', `kubectl ${verb}`)
}

function refuseSession(words: readonly string[], own: readonly string[], verb: number): void {
  const dash = words.indexOf('--')
  const inner = dash < 0 ? [] : words.slice(dash + 1)
  if (dash < 0) {
    // The form without `--`: what follows the pod and is no flag.
    const rest = own.slice(verb + 1)
    const last = rest.at(-1) ?? ''
    if (SHELL.test(last) && !rest.includes('-c')) manual('session', last)
    if (last === 'top' && rest.length > 1) manual('topDraws')
    return
  }
  if (inner.length === 0) manual('lacksCommand')
  refuseInner(inner)
}

/** Ends the reading of a line whose command inside a container would wait for somebody to type. */
function refuseInner(inner: readonly string[]): void {
  const program = inner[0]?.split('/').at(-1) ?? ''
  const rest = inner.slice(1)
  if (SHELL.test(inner[0] ?? '') && rest.every((word) => /^-[il]+$|^--(login|norc|noprofile)$/.test(word)))
    manual('session', program)
  if (SHELL.test(inner[0] ?? '') && rest.some((word) => placeholdersIn(word).length > 0)) manual('openScript')
  if (program === 'chroot' && SHELL.test(inner.at(-1) ?? '')) manual('session', inner.at(-1))
  if (program === 'env' || program === 'sudo') {
    const at = rest.findIndex((word) => !word.startsWith('-') && !word.includes('='))
    if (at >= 0) refuseInner(rest.slice(at))
  }
  if (program === 'top' && !(rest.some(isBatch) && rest.some(isCount))) manual('topDraws')
  if (ALWAYS_PROMPTING.test(program)) manual('session', program)
  const ends = Object.hasOwn(PROMPTING, program) ? PROMPTING[program] : undefined
  if (ends && !rest.some((word) => ends.test(word))) manual('session', program)
  if (program === 'redis-cli' && !redisHasCommand(rest)) manual('session', program)
  if (/^(python[\d.]*|node|irb|perl|ruby)$/.test(program) && rest.length === 0) manual('session', program)
}

/** Of top: `-b`, also in a group of letters such as `-bn1`. */
const isBatch = (word: string) => /^-[a-zH]*b|^--batch/.test(word)
const isCount = (word: string) => /^-[bcHiS]*n\d*$|^--iterations/.test(word)

function redisHasCommand(rest: readonly string[]): boolean {
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i] ?? ''
    if (!word.startsWith('-')) return true
    if (
      /^--(scan|bigkeys|hotkeys|memkeys|stat|latency.*|rdb|pipe|eval|cluster|version|intrinsic-latency|lru-test)$/.test(
        word,
      )
    )
      return true
    if (/^(-[hpasnutridDXx]|--(user|pass|uri|cacert|cert|key|sni))$/.test(word) && word !== '-x') i += 1
  }
  return false
}
