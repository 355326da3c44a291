import 'server-only'

/** What may run inside a pod, as argv. Everything else is refused before a connection is opened. */

/** Functions and words that change something, reach out of the database, or read files of its server. */
const SQL_FORBIDDEN =
  /\b(pg_terminate_backend|pg_cancel_backend|pg_reload_conf|pg_rotate_logfile|pg_wal_replay_(pause|resume)|pg_sleep\w*|pg_notify|pg_export_snapshot|pg_logical_\w+|pg_replication_\w+|pg_backup_\w+|pg_log_\w+|pg_import_\w+|pg_promote|pg_switch_wal|pg_create_\w+|pg_drop_\w+|pg_stat_reset\w*|pg_stat_statements_reset|pg_stat_force_\w+|pg_st(?:art|op)_backup|pg_copy_\w+|pg_sync_\w+|pg_restore_\w+|pg_clear_\w+|pg_prewarm\w*|autoprewarm\w*|pg_authid|pg_shadow|pg_user_mappings?|pg_hba_\w+|gin_clean_\w+|brin_\w+|ts_stat|ts_rewrite|crosstab\w*|connectby|txid_current|pg_current_xact_id|pg_read_\w+|pg_ls_\w+|pg_stat_file|pg_file_\w+|pg_advisory\w*|lo_\w+|dblink\w*|nextval|setval|set_config|query_to_xml\w*|copy|into|for\s+(no\s+key\s+)?update|for\s+(key\s+)?share|insert|update|delete|merge|truncate|create|alter|drop|grant|revoke|call|do|vacuum|reindex|cluster|listen|notify|lock|prepare|execute|load)\b/i

/** Whether SQL is one statement that only reads. Strings and comments are looked through first. */
export function isReadOnlySql(sql: string): boolean {
  // U& spells identifiers in escapes, which would hide a forbidden name.
  if (/\/\*|--|\$[a-z_]*\$|\bU&/i.test(sql)) return false
  // One pass over both kinds of quotes: a ' inside "…" opens no string, and so hides nothing behind it.
  const bare = sql
    .replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (quoted) => (quoted.startsWith("'") ? "''" : quoted))
    .trim()
    .replace(/;$/, '')
    .trim()
  // What is left of quotes are empty strings and plain names; anything else is not worth the risk.
  if (/['"]/.test(bare.replace(/''|"[A-Za-z_][\w ]*"/g, ' '))) return false
  if (bare.includes(';') || bare.includes("E''") || bare.includes('\\')) return false
  if (/^show\s+[a-z_. ]+$/i.test(bare)) return true
  return /^(select|with|values)\b/i.test(bare) && !SQL_FORBIDDEN.test(bare)
}

const READ_ONLY_SESSION = 'SET default_transaction_read_only = on'
const REDIS_READS = new Set([
  'PING',
  'INFO',
  'DBSIZE',
  'SCAN',
  'TTL',
  'PTTL',
  'EXISTS',
  'TYPE',
  'MEMORY',
  'STRLEN',
])
const CGROUP = /^\/sys\/fs\/cgroup\/memory\.(current|max|events|stat)$/
const BACKUP = /^\/backup\/[\w.-]+$/
/** Folders of data and logs, of which names may be shown; what else is in a container is nobody's business. */
const PLAIN_FOLDER = /^\/(backup|data|tmp|mnt|var\/(log|lib))(?!.*\.\.)(\/[\w.-]+)*\/?$/
const NAME = /^[\w.-]+$/

function programOf(argv: readonly string[]): string {
  const program = argv[0] ?? ''
  // A path outside the system's folders could be anything that was put there.
  return /^(\/(usr\/(local\/)?)?s?bin\/|\/opt\/[\w.-]+\/bin\/)?[\w.-]+$/.test(program)
    ? (program.split('/').at(-1) ?? '')
    : ''
}

function commandsOf(argv: readonly string[]): string[] {
  return argv.flatMap((word, index) => (word === '-c' ? [argv[index + 1] ?? ''] : []))
}

/** Every word of a psql call except -c commands must be a known harmless switch or a plain name. */
function plainPsql(argv: readonly string[]): boolean {
  return argv.slice(1).every((word, index) => {
    const before = argv[index]
    if (before === '-c') return true
    if (before === '-d' || before === '-U') return NAME.test(word)
    return ['-c', '-d', '-U', '-X', '--csv', '-A', '-t', '-At', '-q', '-1', '--no-psqlrc'].includes(word)
  })
}

/** Whether an argv only reads. */
export function mayRead(argv: readonly string[]): boolean {
  const args = argv.slice(1)
  switch (programOf(argv)) {
    case 'psql': {
      const [first, ...rest] = commandsOf(argv)
      return plainPsql(argv) && first === READ_ONLY_SESSION && rest.length > 0 && rest.every(isReadOnlySql)
    }
    case 'pg_isready':
      return args.every((word) => ['-h', '-p', '-q'].includes(word) || NAME.test(word))
    case 'pg_restore':
      return args.length === 2 && args[0] === '-l' && BACKUP.test(args[1] ?? '')
    case 'redis-cli':
      if (args[0] === '--scan') return args.length === 1 || (args.length === 3 && args[1] === '--pattern')
      if (args[0]?.toUpperCase() === 'CONFIG')
        return (
          args.length === 3 &&
          args[1]?.toUpperCase() === 'GET' &&
          /^(maxmemory[\w-]*|save|appendonly|databases|timeout)$/.test(args[2] ?? '')
        )
      if (args[0]?.toUpperCase() === 'MEMORY')
        return args[1]?.toUpperCase() === 'USAGE' || args[1]?.toUpperCase() === 'STATS'
      return REDIS_READS.has(args[0]?.toUpperCase() ?? '')
    case 'kafka-topics.sh':
      return onlyOptions(args, ['--bootstrap-server', '--topic'], ['--list', '--describe'])
    case 'kafka-consumer-groups.sh':
      return onlyOptions(args, ['--bootstrap-server', '--group'], ['--list', '--describe', '--all-groups'])
    case 'df':
    case 'ls':
      return args.every((word) => /^(-[ahiklTtrS1]+|--full-time)$/.test(word) || PLAIN_FOLDER.test(word))
    case 'ps':
      return args.every((word) => /^-?[aAeflux]+$/.test(word))
    case 'nslookup':
    case 'host':
    case 'dig':
      return args.length > 0 && args.every((word) => /^(\+short|-x|@?[A-Za-z0-9][\w.-]*)$/.test(word))
    case 'date':
    case 'uptime':
    case 'hostname':
    case 'id':
      return args.length === 0
    case 'uname':
      return args.every((word) => /^-[asnrvmo]+$/.test(word))
    case 'free':
      return args.every((word) => /^-[bkmgh]$/.test(word))
    case 'cat':
      return args.length > 0 && args.every((word) => CGROUP.test(word))
    case 'kong':
      return args.length === 1 && args[0] === 'health'
    case 'curl':
      return plainCurl(args) && !args.includes('-X')
    default:
      return false
  }
}

function onlyOptions(args: readonly string[], withValue: string[], bare: string[]): boolean {
  let reads = false
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (withValue.includes(word)) {
      i += 1
      if (!/^[\w.:-]+$/.test(args[i] ?? '')) return false
    } else if (bare.includes(word)) reads = true
    else return false
  }
  return reads
}

/** The pod itself or a service by its cluster name; no address, so no metadata endpoint of a cloud. */
const IN_CLUSTER_URL =
  /^https?:\/\/(localhost|127\.0\.0\.1|[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*(\.svc(\.cluster\.local)?)?)?)(:\d+)?(\/[^\s@\\]*)?$/
const LOCAL_URL = /^https?:\/\/(localhost|127\.0\.0\.1)(:\d+)?(\/|$)/

function plainCurl(args: readonly string[]): boolean {
  const urls = args.filter((word) => IN_CLUSTER_URL.test(word))
  return (
    urls.length === 1 &&
    args.every(
      (word) => urls.includes(word) || ['-s', '-S', '-sS', '-X', 'POST', '-m', '5', '-i'].includes(word),
    )
  )
}

/** Statements the fixes send; each whole statement is matched, nothing is composed from free text. */
const SQL_CHANGES = [
  /^ALTER SYSTEM SET (log_statement|log_min_duration_statement) = '[\w]+'$/,
  /^ALTER SYSTEM RESET (log_statement|log_min_duration_statement)$/,
  /^SELECT pg_reload_conf\(\)$/,
  /^SELECT pg_wal_replay_resume\(\)$/,
  /^SELECT count\(pg_terminate_backend\(pid\)\) AS ended FROM pg_stat_activity WHERE state = 'idle in transaction' AND state_change < now\(\) - interval '\d+ seconds' AND pid <> pg_backend_pid\(\)$/,
  /^(CREATE|DROP) DATABASE "[\w-]+"$/,
  /^ALTER DATABASE "[\w-]+" RENAME TO "[\w-]+"$/,
  /^ALTER DATABASE "[\w-]+" ALLOW_CONNECTIONS (true|false)$/,
  /^SELECT count\(pg_terminate_backend\(pid\)\) AS ended FROM pg_stat_activity WHERE datname = '[\w-]+' AND pid <> pg_backend_pid\(\)$/,
]

/** Whether an argv is one of the changes that fixes make. */
export function mayChange(argv: readonly string[]): boolean {
  const args = argv.slice(1)
  switch (programOf(argv)) {
    case 'psql':
      return (
        plainPsql(argv) &&
        commandsOf(argv).length > 0 &&
        commandsOf(argv).every((sql) => SQL_CHANGES.some((rule) => rule.test(sql)))
      )
    case 'redis-cli': {
      const name = args[0]?.toUpperCase()
      return (
        ((name === 'FLUSHDB' || name === 'FLUSHALL') && args.length === 1) ||
        (name === 'UNLINK' && args.length > 1)
      )
    }
    case 'curl':
      return plainCurl(args) && args.includes('-X') && args.some((word) => LOCAL_URL.test(word))
    case 'kong':
      return args.length === 1 && args[0] === 'reload'
    case 'pg_dump':
      return (
        args.length === 4 &&
        args[0] === '-Fc' &&
        args[1] === '-f' &&
        BACKUP.test(args[2] ?? '') &&
        NAME.test(args[3] ?? '')
      )
    case 'pg_restore':
      return (
        args.length === 4 &&
        args[0] === '-d' &&
        NAME.test(args[1] ?? '') &&
        args[2] === '--single-transaction' &&
        BACKUP.test(args[3] ?? '')
      )
    default:
      return false
  }
}
