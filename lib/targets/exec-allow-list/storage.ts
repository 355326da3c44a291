import 'server-only'
import {
  NAME,
  PRIVATE_ADDRESS_TEXT,
  phrases,
  plainWords,
  type Rule,
  readWords,
  SURE_HOST_TEXT,
} from './words'

const CERTIFICATE = /^(?!.*\.\.)(\/[\w.:-]+)+$/
const ENDPOINT = `(?:https?://)?(?:${SURE_HOST_TEXT}|${PRIVATE_ADDRESS_TEXT}):\\d{1,5}`
const ETCDCTL = {
  switches: /^--(?:cluster|prefix|keys-only|count-only|insecure-skip-tls-verify)$/,
  values: [
    [/^--(?:command-timeout|dial-timeout)$/, /^\d{1,4}(ms|s|m)$/],
    // Where a password stands in its environment, etcdctl gives it to whom it asks.
    [/^--endpoints$/, new RegExp(`^${ENDPOINT}(?:,${ENDPOINT}){0,8}$`)],
    [/^--(?:cacert|cert|key)$/, CERTIFICATE],
    [/^(?:-w|--write-out)$/, /^(table|json|simple|fields)$/],
    [/^--limit$/, /^\d{1,7}$/],
  ],
} as const

/** Of keys the names or their number, never what stands in them. */
const etcdctl: Rule = (args) => {
  const words = readWords(args, ETCDCTL)
  if (!words) return false
  const given = new Set(words.given)
  const looksAtKeys = ['--prefix', '--keys-only', '--count-only', '--limit'].some((name) => given.has(name))
  const [verb = '', object = '', ...more] = words.plain
  if (verb === 'get')
    return (
      more.length === 0 &&
      words.plain.length === 2 &&
      /^[\w./:-]*$/.test(object) &&
      !given.has('--cluster') &&
      (given.has('--keys-only') || given.has('--count-only'))
    )
  if (looksAtKeys) return false
  const phrase = words.plain.join(' ')
  if (phrase === 'endpoint status' || phrase === 'endpoint health') return true
  return !given.has('--cluster') && ['member list', 'alarm list', 'version'].includes(phrase)
}

const FORMAT = {
  values: [
    [/^(?:-f|--format)$/, /^(json|json-pretty|plain)$/],
    [/^--connect-timeout$/, /^\d{1,3}$/],
  ],
} as const

const ceph: Rule = (args) => {
  const words = readWords(args, { ...FORMAT, switches: /^(-s|--status)$/ })
  if (!words) return false
  if (words.given.some((name) => name === '-s' || name === '--status')) return words.plain.length === 0
  return CEPH_PHRASES(args)
}
const CEPH_PHRASES = phrases(
  'status, health, health detail, df, df detail, version, versions, quorum_status, osd tree, osd status, osd stat,' +
    ' osd df, osd df tree, osd perf, osd pool ls, osd pool ls detail, osd pool stats, mon stat, pg stat, mds stat,' +
    ' fs status, fs ls, mgr stat',
  FORMAT,
)

const DOMAIN = /^[\w.:@-]+$/
/** Each with its switches; dommemstat --period and domtime --set change something. */
const VIRSH: Record<string, { switches: RegExp; names: 0 | 1; anyway?: true }> = {
  list: { switches: /^--(all|inactive|name|title|uuid)$/, names: 0 },
  version: { switches: /^$/, names: 0 },
  nodeinfo: { switches: /^$/, names: 0 },
  dominfo: { switches: /^$/, names: 1 },
  domstate: { switches: /^--reason$/, names: 1 },
  domblklist: { switches: /^--(details|inactive)$/, names: 1 },
  domifaddr: { switches: /^--full$/, names: 1 },
  dommemstat: { switches: /^$/, names: 1 },
  domstats: {
    switches: /^--(state|cpu-total|balloon|vcpu|interface|block|perf|iothread|memory|raw|list-running)$/,
    names: 1,
    anyway: true,
  },
}

const virsh: Rule = (args) => {
  const at = ['-r', '--readonly'].includes(args[0] ?? '') ? 1 : 0
  const known = VIRSH[args[at] ?? '']
  if (!known || !Object.hasOwn(VIRSH, args[at] ?? '')) return false
  const words = readWords(args.slice(at + 1), {
    switches: known.switches,
    values: args[at] === 'domifaddr' ? [[/^--source$/, /^(lease|agent|arp)$/]] : [],
  })
  if (!words?.plain.every((word) => DOMAIN.test(word))) return false
  return words.plain.length === known.names || (known.anyway === true && words.plain.length === 0)
}

export const STORAGE_READS: Record<string, Rule> = {
  etcdctl,
  ceph,
  rados: phrases('df', { values: [[/^(?:-f|--format)$/, /^(json|json-pretty|plain)$/]] }),
  rbd(args) {
    const [verb, ...rest] = args
    const pool = plainWords(NAME, [0, 1], {
      switches: /^(-l|--long)$/,
      values: [
        [/^--format$/, /^(json|plain)$/],
        [/^(?:-p|--pool)$/, NAME],
      ],
    })
    return (verb === 'ls' || verb === 'list') && pool(rest)
  },
  virsh,
}
