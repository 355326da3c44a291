import 'server-only'
import type { Rule } from './words'

/** Functions and words that change something, reach out of the database, or read files of its server. */
const SQL_FORBIDDEN =
  /\b(\w+_to_xml\w*|\w*user_mapping\w*|pg_subscription\w*|get_raw_page|pg_terminate_backend|pg_cancel_backend|pg_reload_conf|pg_rotate_logfile|pg_wal_replay_(pause|resume)|pg_sleep\w*|pg_notify|pg_export_snapshot|pg_logical_\w+|pg_replication_\w+|pg_backup_\w+|pg_log_\w+|pg_import_\w+|pg_promote|pg_switch_wal|pg_create_\w+|pg_drop_\w+|pg_stat_reset\w*|pg_stat_statements_reset|pg_stat_force_\w+|pg_st(?:art|op)_backup|pg_copy_\w+|pg_sync_\w+|pg_restore_\w+|pg_clear_\w+|pg_prewarm\w*|autoprewarm\w*|pg_authid|pg_shadow|pg_user_mappings?|pg_hba_\w+|gin_clean_\w+|brin_\w+|ts_stat|ts_rewrite|crosstab\w*|connectby|txid_current|pg_current_xact_id|pg_read_\w+|pg_ls_\w+|pg_stat_file|pg_file_\w+|pg_advisory\w*|lo_\w+|dblink\w*|nextval|setval|set_config|query_to_xml\w*|copy|into|for\s+(no\s+key\s+)?update|for\s+(key\s+)?share|insert|update|delete|merge|truncate|create|alter|drop|grant|revoke|call|do|vacuum|reindex|cluster|listen|notify|lock|prepare|execute|load)\b/i

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
const BACKUP = /^\/backup\/[\w.-]+$/
const NAME = /^[\w.-]+$/

function commandsOf(args: readonly string[]): string[] {
  return args.flatMap((word, index) => (word === '-c' ? [args[index + 1] ?? ''] : []))
}

/** Every word of a psql call except -c commands must be a known harmless switch or a plain name. */
function plainPsql(args: readonly string[]): boolean {
  return args.every((word, index) => {
    const before = args[index - 1]
    if (before === '-c') return true
    if (before === '-d' || before === '-U') return NAME.test(word)
    return ['-c', '-d', '-U', '-X', '--csv', '-A', '-t', '-At', '-q', '-1', '--no-psqlrc'].includes(word)
  })
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

export const POSTGRES_READS: Record<string, Rule> = {
  psql(args) {
    const [first, ...rest] = commandsOf(args)
    return plainPsql(args) && first === READ_ONLY_SESSION && rest.length > 0 && rest.every(isReadOnlySql)
  },
  pg_isready: (args) => args.every((word) => ['-h', '-p', '-q'].includes(word) || NAME.test(word)),
  pg_restore: (args) => args.length === 2 && args[0] === '-l' && BACKUP.test(args[1] ?? ''),
}

export const POSTGRES_CHANGES: Record<string, Rule> = {
  psql: (args) =>
    plainPsql(args) &&
    commandsOf(args).length > 0 &&
    commandsOf(args).every((sql) => SQL_CHANGES.some((rule) => rule.test(sql))),
  pg_dump: (args) =>
    args.length === 4 &&
    args[0] === '-Fc' &&
    args[1] === '-f' &&
    BACKUP.test(args[2] ?? '') &&
    NAME.test(args[3] ?? ''),
  pg_restore: (args) =>
    args.length === 4 &&
    args[0] === '-d' &&
    NAME.test(args[1] ?? '') &&
    args[2] === '--single-transaction' &&
    BACKUP.test(args[3] ?? ''),
}
