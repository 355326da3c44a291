import 'server-only'
import { COUNT, NAME, PLAIN_FOLDER, plainWords, type Rule, readWords } from './words'

/** What the kernel and the system say of themselves. Of processes nothing: their environment holds secrets. */
const SYSTEM_FILES = [
  /^\/sys\/fs\/cgroup\/(memory\.(current|max|high|peak|events|stat|pressure)|cpu\.(stat|max|pressure)|pids\.(current|max))$/,
  /^\/sys\/fs\/cgroup\/memory\/memory\.(usage_in_bytes|limit_in_bytes|max_usage_in_bytes|failcnt|stat)$/,
  /^\/sys\/fs\/cgroup\/cpu\/cpu\.(stat|cfs_quota_us|cfs_period_us)$/,
  /^\/proc\/(meminfo|loadavg|uptime|mounts|cpuinfo|version|stat|vmstat|diskstats|net\/(dev|tcp|tcp6|udp|sockstat|snmp|route))$/,
  /^\/etc\/(resolv\.conf|hosts|hostname|os-release|alpine-release|debian_version|redhat-release|timezone)$/,
]
/** Logs: `*.log` in plain folders or in a folder of logs, and the two that the system itself writes. */
const LOG_FILE =
  /^(?!.*\.\.|\/(?:proc|sys|dev)\/)\/(?:(?:backup|data|tmp|mnt|export|var\/(?:log|lib))(?:\/[\w.-]+)*|(?:[\w-][\w.-]*\/)+logs?(?:\/[\w.-]+)*)\/[\w.-]+\.log(?:\.\d{1,3})?$/
const SYSTEM_LOG = /^\/var\/log\/(messages|syslog)$/
/** By its name a certificate, which whoever connects is shown; a private key beside it is hidden as in every text. */
const CERTIFICATE_FILE = /^(?!.*\.\.)\/(etc|var\/run\/secrets|run\/secrets)(\/[\w.-]+)*\/[\w.-]+\.crt$/
const readable = (word: string) =>
  [...SYSTEM_FILES, LOG_FILE, SYSTEM_LOG, CERTIFICATE_FILE].some((form) => form.test(word))

const cat: Rule = (args) => args.length > 0 && args.every(readable)

/** The first or last lines of files; -f never ends. */
const ends: Rule = (args) => {
  const words = readWords(args, {
    switches: /^-(?:n?\d{1,5}|[qv])$/,
    values: [
      [/^(?:-n|--lines)$/, COUNT],
      [/^(?:-c|--bytes)$/, /^\d{1,6}$/],
    ],
  })
  return words !== undefined && words.plain.length > 0 && words.plain.every(readable)
}

const COLUMNS =
  'pid|ppid|user|uid|comm|cmd|args|command|%cpu|%mem|pcpu|pmem|rss|vsz|etime|etimes|stat|state|start|stime|lstart|time|tty|nlwp|thcount|ni|pri|psr|wchan'
const COLUMN_LIST = new RegExp(`^(?:${COLUMNS})(?:,(?:${COLUMNS}))*$`)

/** BSD's `e`, without a dash or behind a group of letters that ps takes for BSD's, shows environments. */
const ps: Rule = (args) => {
  const words = readWords(args, {
    switches: /^-(?:[eAfFlLw]+|aux?w*|ax)$/,
    values: [
      [/^-[eAfL]*o$/, COLUMN_LIST],
      [/^-p$/, /^\d+$/],
      [/^--sort$/, new RegExp(`^[+-]?(?:${COLUMNS})$`)],
    ],
  })
  const [letters = '', ...more] = words?.plain ?? []
  // Where a group such as -aux names no user, procps reads all groups anew as BSD's, and there `e` is the environment.
  const groups = words?.given.filter((word) => /^-[aeAfFlLw]/.test(word) && !/o$/.test(word)) ?? []
  const bsd = groups.some((word) => word.startsWith('-a'))
  if (bsd && (groups.length > 1 || letters !== '')) return false
  return words !== undefined && more.length === 0 && /^[afluxw]*$/.test(letters)
}

/** -b prints and -n ends it; top alone draws on a terminal until somebody stops it. */
const top: Rule = (args) => {
  const words = readWords(args, {
    switches: /^-(?:[bcHi]+|[bcHi]*n[1-3])$/,
    values: [
      [/^-[bcHi]*n$/, /^[1-3]$/],
      [/^-o$/, /^[+-]?[%A-Z]+$/],
      [/^-w$/, /^\d{2,3}$/],
    ],
  })
  return (
    words !== undefined &&
    words.plain.length === 0 &&
    words.given.some((name) => /^-[a-zH]*b/.test(name)) &&
    words.given.some((name) => /^-[bcHi]*n/.test(name))
  )
}

const du: Rule = (args) => {
  const words = readWords(args, {
    switches: /^-(?:[shckmx]+|d\d)$/,
    values: [[/^(?:-d|--max-depth)$/, /^\d$/]],
  })
  return words !== undefined && words.plain.length > 0 && words.plain.every((word) => PLAIN_FOLDER.test(word))
}

/** Of any folder df says only how full the file system is on which it stands. */
const df: Rule = plainWords(/^(?!.*\.\.)(\/?[\w.-]+)(\/[\w.-]+)*\/?$|^\/$/, [0, 5], {
  switches: /^-[ahiklTPm]+$/,
})

const nothing: Rule = (args) => args.length === 0

export const SYSTEM_READS: Record<string, Rule> = {
  cat,
  tail: ends,
  head: ends,
  ps,
  top,
  du,
  df,
  ls: (args) => args.every((word) => /^(-[ahiklTtrS1]+|--full-time)$/.test(word) || PLAIN_FOLDER.test(word)),
  lsblk: plainWords(NAME, [0, 0], { switches: /^-[aflmptbr]+$/ }),
  mount: nothing,
  nproc: (args) => args.every((word) => word === '--all'),
  date: nothing,
  uptime: nothing,
  id: nothing,
  whoami: nothing,
  // -F and a plain word set the name.
  hostname: (args) => args.length === 0 || (args.length === 1 && /^-[fiIs]$/.test(args[0] ?? '')),
  which: plainWords(NAME, [1, 3]),
  uname: (args) => args.every((word) => /^-[asnrvmo]+$/.test(word)),
  free: (args) => args.every((word) => /^-[bkmght]+$/.test(word)),
}
