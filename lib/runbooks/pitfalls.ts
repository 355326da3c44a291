import type { Command, KubectlCommand } from './command'
import type { DocumentCard, DocumentLine, DocumentStep, RunbookDocument } from './parse-document'
import type { Warning } from './types'

interface Place {
  line: DocumentLine
  step: DocumentStep
  card: DocumentCard
  document: RunbookDocument
}

interface Pitfall {
  id: string
  message: string
  found(facts: Facts, place: Place): boolean
}

/** What pitfalls ask of a command, found out once for all of them. */
interface Facts {
  command: Command
  /** The command inside an exec, or the command itself. */
  inner: Command
  /** Name of the inner program, without its folder. */
  program: string
  /** Statements of the inner program's -c flags. */
  sql: string
}

function factsOf(command: Command): Facts {
  const inner = command.program === 'kubectl' && command.inner ? command.inner : command
  const { argv } = inner
  const path = argv[0] ?? ''
  return {
    command,
    inner,
    program: path.slice(path.lastIndexOf('/') + 1),
    sql: argv.includes('-c') ? argv.filter((_, index) => argv[index - 1] === '-c').join('; ') : '',
  }
}

const isVerb = (command: Command, verb: string, subverb?: string): command is Command & KubectlCommand =>
  command.program === 'kubectl' &&
  command.verb === verb &&
  (subverb === undefined || command.subverb === subverb)

/** What a line does not do although it looks as if it did. Each has a name, a test and a way out. */
const PITFALLS: Pitfall[] = [
  {
    id: 'redis-del-glob',
    message:
      'DEL does not expand patterns: this deletes nothing. Find the keys with --scan --pattern and UNLINK them.',
    found: ({ inner, program }) =>
      program === 'redis-cli' &&
      /^(del|unlink)$/i.test(inner.argv[1] ?? '') &&
      inner.argv.slice(2).some((word) => /[*?[]/.test(word)),
  },
  {
    id: 'create-existing-secret',
    message:
      '`create secret` fails when the secret exists, so this cannot rotate it. Rotating replaces it instead, with the stored version as precondition.',
    found: ({ command }) => isVerb(command, 'create', 'secret'),
  },
  {
    id: 'redis-info-hit-rate',
    message: 'INFO has no hit_rate: the ratio is keyspace_hits / (keyspace_hits + keyspace_misses).',
    found: ({ command, program }) =>
      program === 'redis-cli' &&
      command.filters.some((filter) => filter.argv.some((word) => /hit_?rate/i.test(word))),
  },
  {
    id: 'pg-mean-time',
    message: 'The column mean_time is called mean_exec_time since PostgreSQL 13.',
    found: ({ sql }) => /\bmean_time\b/i.test(sql),
  },
  {
    id: 'alter-system-no-reload',
    message:
      'ALTER SYSTEM writes a file that is read at the next reload: without pg_reload_conf() nothing changes.',
    found: ({ sql }) => /\balter\s+system\b/i.test(sql) && !/pg_reload_conf/i.test(sql),
  },
  {
    id: 'deprecated-endpoints',
    message: 'Endpoints are deprecated since Kubernetes 1.33: read EndpointSlices.',
    found: ({ command }) =>
      command.program === 'kubectl' && command.resources.some((one) => one.kind === 'Endpoints'),
  },
  {
    id: 'object-without-type',
    message:
      'kubectl wants TYPE NAME or TYPE/NAME and refuses a bare name. Here the field asks for both; in the runbook, write the type.',
    found: ({ command }) => command.program === 'kubectl' && command.resources.some(({ open }) => open),
  },
  {
    id: 'logs-of-one-pod',
    message:
      '`kubectl logs` of a workload reads one of its pods. All pods are read here, and the former containers of restarted ones.',
    found: ({ command }) =>
      isVerb(command, 'logs') &&
      command.resources.some((one) => one.kind !== 'Pod') &&
      !('all-pods' in command.flags),
  },
  {
    id: 'grep-v-running',
    message:
      '`grep -v Running` lets pods pass that run and are not ready, and reports Completed ones. Readiness is looked at here.',
    found: ({ command }) =>
      command.filters.some(
        (filter) => filter.argv.includes('-v') && filter.argv.some((word) => /^running$/i.test(word)),
      ),
  },
  {
    id: 'free-in-container',
    message: '`free` inside a container shows the node. The container’s own share stands in its cgroup.',
    found: ({ command, program }) => isVerb(command, 'exec') && program === 'free',
  },
  {
    id: 'reset-on-one-pod',
    message: 'The state lives in each process: one pod is not enough. It is sent to every pod here.',
    found: ({ command, inner }) =>
      isVerb(command, 'exec') &&
      inner.program === 'curl' &&
      /\/(circuit-breaker\/reset|cache\/refresh)\b/.test(inner.argv.join(' ')) &&
      command.resources[0]?.kind === 'Pod',
  },
  {
    id: 'deployment-beside-statefulset-pod',
    message:
      'The document also names a pod of a StatefulSet by that name: the workload is probably not a Deployment. The one that is there is used.',
    found: ({ command }, place) =>
      command.program === 'kubectl' &&
      command.resources.some(
        (one) => one.kind === 'Deployment' && one.name && namesBeforeOrdinals(place.document).has(one.name),
      ),
  },
  {
    id: 'fixed-count-after-zero',
    message:
      'After scaling to zero a fixed count forgets what it was before: the former count is put back here.',
    found: ({ command }, place) =>
      isVerb(command, 'scale') &&
      [/--replicas[= ]0\b/, /--replicas[= ][1-9]/].every((count) =>
        place.step.commands.some((line) => count.test(line.text)),
      ),
  },
  {
    id: 'pg-restore-live-database',
    message:
      'Restoring into the live database fails half-way on objects that exist. Here a new database is filled and then renamed.',
    found: ({ inner, program }) =>
      program === 'pg_restore' &&
      inner.argv.some((word) => word === '-d' || word.startsWith('--dbname')) &&
      !inner.argv.includes('--clean'),
  },
  {
    id: 'hpa-only-read',
    message: 'The heading says enable, the command only reads: creating the autoscaler is a fix of its own.',
    found: ({ command }, place) =>
      isVerb(command, 'get') &&
      command.resources.some((one) => one.kind === 'HorizontalPodAutoscaler') &&
      /\b(enable|create|add)\b/i.test(place.step.title),
  },
]

const names = new WeakMap<RunbookDocument, ReadonlySet<string>>()

/** What stands before `-0` or `-primary-0` anywhere in a document: read once for all its lines. */
function namesBeforeOrdinals(document: RunbookDocument): ReadonlySet<string> {
  const known = names.get(document)
  if (known) return known
  const found = new Set<string>()
  for (const card of document.cards)
    for (const step of card.steps)
      for (const { text } of step.commands)
        for (const [, name = ''] of text.matchAll(/\b([\w.]+(?:-[\w.]+){0,12})-\d+\b/g)) {
          const parts = name.split('-')
          for (let from = 0; from < parts.length; from++) {
            found.add(parts.slice(from).join('-'))
            if (from < parts.length - 1 && /^[a-z]+$/.test(parts.at(-1) ?? ''))
              found.add(parts.slice(from, -1).join('-'))
          }
        }
  names.set(document, found)
  return found
}

/** The pitfalls of a line. */
export function pitfallsOf(commands: readonly Command[], place: Place): Warning[] {
  const facts = commands.map(factsOf)
  return PITFALLS.filter((pitfall) => facts.some((one) => pitfall.found(one, place))).map(
    ({ id, message }) => ({ id, message }),
  )
}
