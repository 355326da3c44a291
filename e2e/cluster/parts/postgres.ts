/** A real PostgreSQL: a primary with the reference's database, and a replica that streams from it. */
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DATABASE, SEED } from '@/sandbox/world/database-seed'
import { COMMON_PROGRAMS } from './plain'
import type { ContainerContext, Launch, Part } from './types'

/** How long a replica without data asks for the primary's; then the container starts again. */
const REPLICA_WAIT_S = 60
const PRIMARY_HOST = 'postgresql.storage'
/** Where the image has its socket; a path of the test's own folders could exceed the 107 bytes that a socket may have. */
const SOCKET = '/var/run/postgresql'

/** The service's own role may use what the seed made. */
const RIGHTS = `
GRANT USAGE ON SCHEMA public TO backend;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO backend;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO backend;
`

/** Folder of the newest PostgreSQL of this machine, `/usr/lib/postgresql/15/bin`. */
export function postgresPrograms(): string {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).filter((name) => /^\d+$/.test(name)) : []
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0]
  if (!newest) throw new Error('PostgreSQL is not installed: install the package postgresql.')
  return join(root, newest, 'bin')
}

/** Part of the image `postgres`; the passwords are those of the roles `backend` and `replicator`. */
export function postgresPart(secrets: { password: string; replication: string }): Part {
  return {
    image: /^postgres:/,
    async launch(context): Promise<Launch> {
      const bin = postgresPrograms()
      const data = join(context.volume, 'data')
      const backup = join(context.volume, 'backup')
      const socket = join(context.scratch, 'socket')
      for (const folder of [backup, socket]) {
        mkdirSync(folder, { recursive: true })
        chmodSync(folder, 0o777)
      }
      const write = (name: string, text: string) => {
        const file = join(context.scratch, name)
        writeFileSync(file, text)
        chmodSync(file, 0o755)
        return file
      }
      const settings = write('postgresql.conf', CONFIGURATION)
      const access = write('pg_hba.conf', HBA)
      const flags = ['-D', data, '-c', `config_file=${settings}`, '-c', `hba_file=${access}`]
      const primary = context.labels.role === 'primary'
      const script = primary
        ? firstStartOfPrimary(
            { bin, data, backup, settings, access },
            {
              roles: write('roles.sql', roles(secrets)),
              seed: write('seed.sql', SEED + RIGHTS),
              log: join(context.scratch, 'first-start.log'),
            },
          )
        : firstStartOfReplica({ bin, data }, context, secrets.replication)
      const programs = Object.fromEntries(
        ['psql', 'pg_isready', 'pg_dump', 'pg_restore'].map((name) => [name, join(bin, name)]),
      )
      return {
        prepare: existsSync(join(data, 'PG_VERSION')) ? [] : [['/bin/bash', write('first-start.sh', script)]],
        argv: [join(bin, 'postgres'), ...flags],
        env: { PATH: `${bin}:/usr/bin:/bin`, LANG: 'C.UTF-8', PGUSER: 'postgres', PGHOST: SOCKET },
        user: 'postgres',
        mounts: { '/backup': backup, [SOCKET]: socket },
        programs: { ...COMMON_PROGRAMS, ...programs },
      }
    },
  }
}

/** As the practice cluster sets it; small, and without waiting for the disk. */
const CONFIGURATION = `listen_addresses = '*'
unix_socket_directories = '${SOCKET}'
max_connections = 100
superuser_reserved_connections = 3
shared_preload_libraries = 'pg_stat_statements'
shared_buffers = 16MB
wal_level = replica
hot_standby = on
max_wal_senders = 5
wal_keep_size = 64MB
wal_receiver_timeout = 10s
wal_sender_timeout = 10s
fsync = off
log_destination = stderr
log_line_prefix = '%m [%p] '
log_timezone = 'UTC'
timezone = 'UTC'
`

const HBA = `local all all trust
host all all 127.0.0.1/32 trust
host replication replicator all scram-sha-256
host all all all scram-sha-256
`

function roles(secrets: { password: string; replication: string }): string {
  return `CREATE ROLE backend LOGIN PASSWORD '${secrets.password}';
CREATE ROLE replicator LOGIN REPLICATION PASSWORD '${secrets.replication}';
CREATE DATABASE ${DATABASE};
`
}

/** The data gets its name when all is in it: a start that was cut short begins anew. Until then nobody comes in by network. */
function firstStartOfPrimary(
  at: { bin: string; data: string; backup: string; settings: string; access: string },
  files: { roles: string; seed: string; log: string },
): string {
  const flags = `-c config_file=${at.settings} -c hba_file=${at.access} -c listen_addresses=''`
  return `set -euo pipefail
umask 077
new=${at.data}.new
rm -rf $new
${at.bin}/initdb --no-sync -U postgres --auth=trust -E UTF8 --locale=C.UTF-8 -D $new >/dev/null
${at.bin}/pg_ctl -w -t 60 -s -D $new -l ${files.log} -o "${flags}" start || { cat ${files.log} >&2; exit 1; }
${at.bin}/psql -X -q -v ON_ERROR_STOP=1 -d postgres -f ${files.roles}
${at.bin}/psql -X -q -v ON_ERROR_STOP=1 -d ${DATABASE} -f ${files.seed}
umask 022
${at.bin}/pg_dump -Fc -f ${at.backup}/latest.dump ${DATABASE}
chmod 666 ${at.backup}/latest.dump
${at.bin}/pg_ctl -w -s -D $new -m fast stop
mv $new ${at.data}
`
}

function firstStartOfReplica(
  at: { bin: string; data: string },
  context: ContainerContext,
  password: string,
): string {
  const name = context.pod
  return `set -uo pipefail
umask 077
while ((SECONDS < ${REPLICA_WAIT_S})); do
  rm -rf ${at.data}.new
  if ${at.bin}/pg_basebackup -d "host=${PRIMARY_HOST} port=5432 user=replicator password=${password} application_name=${name} connect_timeout=5" \\
      -D ${at.data}.new -R -X stream -c fast; then
    mv ${at.data}.new ${at.data}
    exit 0
  fi
  sleep 1
done
echo "the primary did not answer within ${REPLICA_WAIT_S} s" >&2
exit 1
`
}
