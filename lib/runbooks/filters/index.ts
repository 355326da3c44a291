import 'server-only'
import { createContext, Script } from 'node:vm'
import { type AppError, appError } from '../../core/errors'
import { err, fail, ok, type Result } from '../../core/result'
import type { CertificateFacts } from '../../verdicts/certificate'
import { type Filter, placeholdersIn } from '../command'
import { readAwk } from './awk'
import { readBase64 } from './base64'
import { readColumn } from './column'
import { readCut } from './cut'
import { readGrep } from './grep'
import { readHead, readTail } from './head-tail'
import { readJq } from './jq'
import { fromOctets, type Stage, toOctets } from './lines'
import { asksOfCertificate, readOpenssl } from './openssl'
import { CouldNotFinish, NotUnderstood } from './options'
import { readCat, readNl, readPager } from './pass'
import { readPython } from './python'
import { readRev } from './rev'
import { readSed } from './sed'
import { readSort } from './sort'
import { readTac } from './tac'
import { readTr } from './tr'
import { readUniq } from './uniq'
import { readWc } from './wc'
import { certificateFacts } from './x509-certificate'
import { readYq } from './yq'

const TOOLS: Record<string, (argv: readonly string[]) => Stage> = {
  grep: readGrep,
  egrep: readGrep,
  fgrep: readGrep,
  head: readHead,
  tail: readTail,
  wc: readWc,
  sort: readSort,
  uniq: readUniq,
  cut: readCut,
  tr: readTr,
  awk: readAwk,
  gawk: readAwk,
  mawk: readAwk,
  jq: readJq,
  column: readColumn,
  sed: readSed,
  base64: readBase64,
  tac: readTac,
  rev: readRev,
  nl: readNl,
  cat: readCat,
  less: readPager,
  more: readPager,
  openssl: readOpenssl,
  yq: readYq,
  python: readPython,
  python3: readPython,
}

/** Text that is taken in, and that one stage may pass to the next, in bytes. */
const MAX_BETWEEN = 8 << 20
/** Text that comes out at the end, in bytes. */
const MAX_OUTPUT = 1 << 20
const STAGE_LIMIT_MS = 1_000

export interface Filtered {
  text: string
  /** Bytes left out at the end by the cap of 1 MiB; 0 when whole. */
  truncatedBytes: number
  /** The certificate that the last `openssl x509` read. */
  certificate?: CertificateFacts
}

/** Why a filter cannot run in process, in a sentence; undefined when it can. */
export function whyNot(filter: Filter): string | undefined {
  const read = understand(filter)
  return read.ok ? undefined : read.error.message
}

/** Whether a filter runs in process with the output of the real tool. */
export function understands(filter: Filter): boolean {
  return whyNot(filter) === undefined
}

/** Filters as a person would type them: `| grep -c x | wc -l`. */
export function writeFilters(filters: readonly Filter[]): string {
  return filters.map(({ argv }) => `| ${argv.map(quote).join(' ')}`).join(' ')
}

function quote(word: string): string {
  return /^[\w.,:=/+@%-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** Why filters gave no whole text; `printed` is what the tools had written all the same, where a person wants it. */
export type FilterError = AppError & { printed?: string }

/**
 * Text through the filters one after the other, as the tools would give it in the C locale; nothing is started
 * outside this process. A grep that finds nothing is not an error: its text is empty. Errors: `invalid_input` for a
 * filter that is not understood or cannot work on this text, `timeout` for one that takes longer than 1 s (jq: 5 s).
 * A tool that stops in the middle of its input, such as `base64 -d` at a letter that is none, is an error too; what it
 * had written goes through the filters after it, as in a pipe, and stands in `printed`.
 */
export async function applyFilters(
  text: string,
  filters: readonly Filter[],
): Promise<Result<Filtered, FilterError>> {
  const stages: [Filter, Stage][] = []
  for (const filter of filters) {
    const read = understand(filter)
    if (!read.ok) return read
    stages.push([filter, read.value])
  }
  let octets = toOctets(text)
  let broken: CouldNotFinish | undefined
  let certificate: CertificateFacts | undefined
  for (const [filter, stage] of stages) {
    if (octets.length > MAX_BETWEEN)
      return fail(
        'invalid_input',
        `There are more than ${MAX_BETWEEN >> 20} MiB of text for ${filter.program}.`,
      )
    try {
      if (filter.program === 'openssl') {
        const { format } = asksOfCertificate(filter.argv)
        const input = octets
        // Under the clock as well: what it reads may be anybody's.
        await limited(() => {
          certificate = certificateFacts(input, format)
          return ''
        })
      }
      octets = await limited(() => stage(octets))
    } catch (cause) {
      if (cause instanceof CouldNotFinish && cause.printed !== undefined) {
        broken ??= cause
        octets = cause.printed
      } else if (cause instanceof NotUnderstood || cause instanceof CouldNotFinish)
        return fail('invalid_input', broken?.message ?? cause.message)
      else if (isTimeout(cause))
        return fail('timeout', `${filter.program} took longer than ${STAGE_LIMIT_MS / 1000} s.`, {
          retryable: false,
        })
      else throw cause
    }
  }
  const truncatedBytes = Math.max(0, octets.length - MAX_OUTPUT)
  const whole = fromOctets(octets.slice(0, MAX_OUTPUT))
  if (broken) return err({ ...appError('invalid_input', broken.message), printed: whole })
  return ok({ text: whole, truncatedBytes, ...(certificate ? { certificate } : {}) })
}

function understand(filter: Filter): Result<Stage> {
  const tool = Object.hasOwn(TOOLS, filter.program) ? TOOLS[filter.program] : undefined
  if (!tool) return fail('invalid_input', `The pipe goes into ${filter.program}, which does not run here.`)
  const [placeholder] = filter.argv.slice(1).flatMap(placeholdersIn)
  if (placeholder !== undefined)
    return fail('invalid_input', `A person has to fill in <${placeholder}> for ${filter.program}.`)
  try {
    return ok(tool(filter.argv))
  } catch (cause) {
    if (cause instanceof NotUnderstood) return fail('invalid_input', cause.message)
    throw cause
  }
}

/** The error comes from another realm, so it is no instance of this one's Error. */
function isTimeout(cause: unknown): boolean {
  return (
    typeof cause === 'object' &&
    cause !== null &&
    'code' in cause &&
    cause.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  )
}

const sandbox = createContext({ run: undefined }, { codeGeneration: { strings: false, wasm: false } })
const call = new Script('run()')

/** Runs a stage under a clock. A script's time limit also stops the functions of this module that it calls. */
function limited(stage: () => string | Promise<string>): string | Promise<string> {
  sandbox.run = stage
  try {
    return call.runInContext(sandbox, { timeout: STAGE_LIMIT_MS })
  } finally {
    sandbox.run = undefined
  }
}
