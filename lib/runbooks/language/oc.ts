import { verbAt } from './kubectl-words'
import { manual } from './reasons'

/** `oc adm` verbs that kubectl has without `adm`. */
const ADM = new Set(['drain', 'cordon', 'uncordon', 'taint', 'top', 'certificate'])
const ABOUT_PERSON = new Set(['whoami', 'login', 'logout'])
const CLIENT = new Set(['project', 'projects', 'config', 'registry', 'credentials'])
const SESSIONS = new Set(['debug', 'rsync'])
/** Verbs of oc alone, and words whose meaning differs between oc and kubectl. */
const ONLY_OC = new Set(
  'new-project new-app new-build status sa serviceaccounts extract import-image start-build cancel-build process tag expose idle image policy observe ex adm-x dev_tool must-gather whoami rollback deploy volume secrets build-logs'.split(
    ' ',
  ),
)
const SET_OF_KUBECTL = new Set(['env', 'image', 'resources', 'selector', 'serviceaccount', 'sa', 'subject'])
const ROLLOUT_OF_OC = new Set(['latest', 'retry', 'cancel'])
const CREATE_OF_OC = new Set(
  'route build buildconfig deploymentconfig dc imagestream is imagestreamtag istag identity user useridentitymapping'.split(
    ' ',
  ),
)
const RSH_VALUE = /^(-[cn]|--(container|namespace|shell|timeout|pod-running-timeout|context|as))$/
/** Kinds whose logs and roll-outs oc alone understands. */
const OC_LOGS = /^(bc|buildconfigs?|builds?|dc|deploymentconfigs?)\//

/** The words after `oc` as the words after `kubectl` that send the same; or the line is manual. */
export function asKubectl(words: readonly string[]): string[] {
  const at = verbAt(words)
  if (at < 0) return [...words]
  const verb = words[at] ?? ''
  const next = words.slice(at + 1).find((word) => !word.startsWith('-')) ?? ''
  if (verb === 'adm') {
    if (!ADM.has(next)) manual('oc', `adm ${next}`)
    return words.filter((_, index) => index !== at)
  }
  if (verb === 'rsh') return execOf(words, at)
  if (ABOUT_PERSON.has(verb)) manual('whoami', verb)
  if (CLIENT.has(verb)) manual('config')
  if (SESSIONS.has(verb)) manual(verb === 'rsync' ? 'copy' : 'debug')
  if (ONLY_OC.has(verb)) manual('oc', verb)
  if (verb === 'set' && !SET_OF_KUBECTL.has(next)) manual('oc', `set ${next}`)
  if (verb === 'rollout' && ROLLOUT_OF_OC.has(next)) manual('oc', `rollout ${next}`)
  if (verb === 'create' && CREATE_OF_OC.has(next)) manual('oc', `create ${next}`)
  if (['logs', 'rollout'].includes(verb) && words.some((word) => OC_LOGS.test(word)))
    manual('oc', `${verb} of builds and deployment configurations`)
  return [...words]
}

/** `oc rsh -c app web-0 ls /` is `exec -c app web-0 -- ls /`; without a command it is a session. */
function execOf(words: readonly string[], verb: number): string[] {
  const flags = [...words.slice(0, verb)]
  let i = verb + 1
  for (; i < words.length; i++) {
    const word = words[i] ?? ''
    if (!word.startsWith('-') || word === '--') break
    if (/^(-t|-T|--tty|--no-tty)(=.*)?$/.test(word)) continue
    flags.push(word)
    if (RSH_VALUE.test(word)) flags.push(words[++i] ?? '')
  }
  const pod = words[i] ?? ''
  const command = words.slice(i + 1)
  if (command[0] === '--') command.shift()
  if (command.length === 0) manual('session', 'oc rsh')
  const shell = flags.findIndex((word) => word.startsWith('--shell') || word.startsWith('--timeout'))
  if (shell >= 0) flags.splice(shell, flags[shell]?.includes('=') ? 1 : 2)
  return ['exec', ...flags, pod, '--', ...command]
}
