import 'server-only'
import { HOST_OR_ADDRESS, NAME, PORT, plainWords, type Rule, readWords, SMALL_NUMBER } from './words'

/** -z ends the connection as soon as it stands. Nothing is sent, and -u, -l and -e are not there. */
const nc: Rule = (args) => {
  const words = readWords(args, {
    switches: /^-[zvn46]+$|^-[zvn46]*w(?:\d|10)$/,
    values: [[/^-[zvn46]*w$/, /^(\d|10)$/]],
  })
  if (words?.plain.length !== 2) return false
  const [host = '', port = ''] = words.plain
  return words.given.some((name) => /^-[zvn46]*z/.test(name)) && HOST_OR_ADDRESS.test(host) && PORT.test(port)
}

/** A few packets of its own making; -f floods, and without -c it never ends. */
const ping: Rule = (args) => {
  const words = readWords(args, {
    switches: /^-(?:[qn46]+|c(?:[1-9]|10))$/,
    values: [
      [/^-c$/, /^([1-9]|10)$/],
      [/^-[Ww]$/, SMALL_NUMBER],
    ],
  })
  const [host = '', ...more] = words?.plain ?? []
  return (
    words?.given.some((name) => name.startsWith('-c')) === true &&
    more.length === 0 &&
    /^[A-Za-z0-9][\w.-]*$/.test(host)
  )
}

const STATES =
  'established listening listen time-wait close-wait syn-sent syn-recv fin-wait-1 fin-wait-2 closing'.split(
    ' ',
  )

/** ss -K ends connections, -D writes a file, -E never ends: capitals are not there, but for H. */
const ss: Rule = (args) => {
  const words = readWords(args, { switches: /^-[tulnpaesxoimwr46H]+$/ })
  const [first, second = '', ...more] = words?.plain ?? []
  return (
    words !== undefined &&
    (first === undefined || (first === 'state' && STATES.includes(second) && more.length === 0))
  )
}

const IP_OBJECTS = /^(a|addr|address|r|ro|route|l|link|n|neigh|neighbour)$/

/** Without a verb it shows. The name of a device may only stand behind `show`, where no verb can. */
const ip: Rule = (args) => {
  const words = readWords(args, { switches: /^-(4|6|s|o|d|j|p|br|brief|stats|json)$/ })
  if (!words) return false
  const [object = '', verb = 'show', ...rest] = words.plain
  if (!IP_OBJECTS.test(object) || !/^(show|list|ls)$/.test(verb)) return false
  const name = rest[0] === 'dev' ? rest.slice(1) : rest
  return name.length <= 1 && rest.length <= 2 && name.every((word) => /^[a-z][\w.@-]{0,20}$/.test(word))
}

/** dig's @server may be any: what is asked is no more than a name. */
const lookup: Rule = (args) =>
  args.length > 0 &&
  args.every((word) => /^(\+short|\+noall|\+answer|\+tcp|-x|-q|@?[A-Za-z0-9][\w.-]*)$/.test(word))

export const NETWORK_READS: Record<string, Rule> = {
  nc,
  ping,
  ss,
  ip,
  nslookup: lookup,
  host: lookup,
  dig: lookup,
  // -c goes on and on.
  netstat: plainWords(NAME, [0, 0], { switches: /^-[tulnpaesxoiwr46]+$/ }),
  getent(args) {
    const [database = '', ...names] = args
    return (
      /^(hosts|ahosts|ahostsv4|ahostsv6)$/.test(database) && names.length === 1 && NAME.test(names[0] ?? '')
    )
  },
}
