import 'server-only'
import { NAME, PORT, phrases, plainWords, type Rule, readWords, SURE_HOST, SURE_HOST_TEXT } from './words'

const REDIS_READS = new Set('PING INFO DBSIZE SCAN TTL PTTL EXISTS TYPE STRLEN'.split(' '))
const REDIS_SETTINGS = /^(maxmemory[\w-]*|save|appendonly|databases|timeout)$/

const redis: Rule = (args) => {
  if (args[0] === '--scan') return args.length === 1 || (args.length === 3 && args[1] === '--pattern')
  const [name = '', second = ''] = args.map((word) => word.toUpperCase())
  if (name === 'CONFIG') return args.length === 3 && second === 'GET' && REDIS_SETTINGS.test(args[2] ?? '')
  if (name === 'MEMORY') return second === 'USAGE' || second === 'STATS'
  return REDIS_READS.has(name)
}

const SERVERS = /^[\w.:,-]+$/
function kafka(values: string, lists: string, more = ''): Rule {
  const known = (names: string) => names.split(' ').filter(Boolean)
  return (args) => {
    const words = readWords(args, {
      switches: new RegExp(`^--(?:${[...known(lists), ...known(more)].join('|')})$`),
      values: [[new RegExp(`^--(?:${values.split(' ').join('|')})$`), SERVERS]],
    })
    return (
      words !== undefined &&
      words.plain.length === 0 &&
      words.given.some((name) => known(lists).includes(name.slice(2)))
    )
  }
}

const RABBITMQ = {
  switches: /^(-q|--quiet|-s|--silent|--no-table-headers|--online|--offline|--local)$/,
  values: [
    [/^(?:-t|--timeout)$/, /^\d{1,3}$/],
    [/^--formatter$/, /^(json|table|pretty_table)$/],
    [/^(?:-p|--vhost)$/, /^[\w./-]+$/],
  ],
} as const
const RABBITMQ_LISTS = /^list_(queues|connections|channels|consumers|exchanges|bindings|vhosts)$/

/** `eval` runs code, `environment` and `report` show what is configured, passwords and all. */
const rabbitmqctl: Rule = (args) => {
  const words = readWords(args, RABBITMQ)
  const [verb = '', ...columns] = words?.plain ?? []
  if (!words) return false
  if (RABBITMQ_LISTS.test(verb)) return columns.length <= 20 && columns.every((one) => /^[a-z_]+$/.test(one))
  return /^(status|cluster_status|ping|version)$/.test(verb) && columns.length === 0
}

/** kingpin reads `@file` for a word, so none begins so. Only `query` keeps a filled in word from being a verb. */
const MATCHER = /^[A-Za-z_]\w*((=|=~|!=|!~)"?[\w.:|* -]+"?)?$/
const amtool: Rule = (args) => {
  const words = readWords(args, {
    switches: /^(-a|--active|-i|--inhibited|-s|--silenced|--expired)$/,
    values: [
      [/^--alertmanager\.url$/, new RegExp(`^https?://${SURE_HOST_TEXT}(:\\d{1,5})?/?$`)],
      [/^(?:-o|--output)$/, /^(simple|extended|json)$/],
    ],
  })
  const [object = '', verb = 'query', ...matchers] = words?.plain ?? []
  return (
    words !== undefined &&
    (object === 'alert' || object === 'silence') &&
    verb === 'query' &&
    matchers.every((one) => MATCHER.test(one))
  )
}

/** What is wrong with a file is said with words of it: so only Prometheus' own. */
const RULE_FILE = /^(?!.*\.\.)\/(etc\/prometheus|prometheus|etc\/config)(\/[\w.-]+)*\/[\w.-]+\.(ya?ml|rules)$/
const promtool: Rule = (args) => {
  const words = readWords(args, {
    values: [[/^--url$/, new RegExp(`^https?://${SURE_HOST_TEXT}(:\\d{1,5})?/?$`)]],
  })
  const [check, what = '', ...files] = words?.plain ?? []
  if (!words || check !== 'check') return false
  if (what === 'healthy' || what === 'ready') return files.length === 0
  return (
    (what === 'config' || what === 'rules') &&
    words.given.length === 0 &&
    files.length > 0 &&
    files.every((file) => RULE_FILE.test(file))
  )
}

/** A password on the line would be kept with it; one from a file goes to whom it asks, so that is the cluster's. */
const mysqladmin = phrases('ping, status, processlist, version, extended-status', {
  switches: /^(?:-u[A-Za-z]\w*|-P\d{1,5}|-v|--verbose)$/,
  values: [
    [/^(?:-u|--user)$/, NAME],
    [/^(?:-h|--host)$/, SURE_HOST],
    [/^(?:-P|--port)$/, PORT],
  ],
})

export const SERVER_READS: Record<string, Rule> = {
  'redis-cli': redis,
  'kafka-topics.sh': kafka(
    'bootstrap-server topic',
    'list describe',
    'under-replicated-partitions unavailable-partitions under-min-isr-partitions at-min-isr-partitions exclude-internal',
  ),
  'kafka-consumer-groups.sh': kafka(
    'bootstrap-server group timeout',
    'list describe',
    'all-groups members state verbose offsets',
  ),
  'kafka-broker-api-versions.sh': plainWords(NAME, [0, 0], { values: [[/^--bootstrap-server$/, SERVERS]] }),
  kong: phrases('health'),
  // -t reads the configuration, -T would print it.
  nginx: (args) => args.length === 1 && /^-[tv]$/.test(args[0] ?? ''),
  rabbitmqctl,
  'rabbitmq-diagnostics': phrases(
    'ping, status, cluster_status, check_running, check_local_alarms, check_alarms, check_port_connectivity,' +
      ' check_virtual_hosts, listeners, alarms, memory_breakdown, server_version, erlang_version, is_running, is_booting',
    RABBITMQ,
  ),
  mysqladmin,
  'mariadb-admin': mysqladmin,
  // The token of its environment goes to whom it asks: itself.
  vault: phrases('status', {
    switches:
      /^(-format=(json|table|yaml)|-tls-skip-verify|-address=https?:\/\/(127\.0\.0\.1|localhost)(:\d{1,5})?)$/,
  }),
  consul: phrases('members, operator raft list-peers', {
    switches: /^(-detailed|-wan|-status=(alive|left|failed))$/,
  }),
  amtool,
  promtool,
}

export const SERVER_CHANGES: Record<string, Rule> = {
  'redis-cli'(args) {
    const name = args[0]?.toUpperCase()
    return (
      ((name === 'FLUSHDB' || name === 'FLUSHALL') && args.length === 1) ||
      (name === 'UNLINK' && args.length > 1)
    )
  },
  kong: phrases('reload'),
}
