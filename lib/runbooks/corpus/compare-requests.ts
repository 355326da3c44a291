import { kindOf } from '../kubectl-resources'
import { type CanonicalPath, type CanonicalRequest, canonical, isDiscovery } from './canonical'
import { isOnePlaceholder } from './placeholders'
import type { CorpusRecord, SentRequest } from './records'

/** Where a recording differs from what the compiler says. */
export interface Difference {
  /** Which part of them: `method`, `resource`, `body`, … */
  part: string
  expected: string
  got: string
}

const GUESSED_GROUP = 'cr.example.com'
/** Their versions are known; of any other group a recording has guessed it. */
const BUILT_IN =
  /^(|apps|batch|autoscaling|policy|(networking|storage|rbac\.authorization|authorization|authentication|admissionregistration|apiextensions|apiregistration|certificates|coordination|discovery|events|metrics|node|scheduling)\.k8s\.io)$/

/** The first difference between two lists of requests, each in the order in which it is sent; undefined when there is none. */
export function compareRequests(
  record: Pick<CorpusRecord, 'line' | 'kubectl'>,
  got: readonly SentRequest[],
): Difference | undefined {
  const theirs = toCompare(inOrder(record.kubectl).flatMap((call) => call.requests))
  const ours = toCompare(got)
  for (const [index, request] of theirs.entries()) {
    const one = ours[index]
    if (!one) return { part: 'request missing', expected: writeRequest(request), got: '' }
    const part = new Comparison(record, canonical(request), canonical(one), one).differs()
    if (part) return { part, expected: writeRequest(request), got: writeRequest(one) }
  }
  const extra = ours[theirs.length]
  return extra && { part: 'request too many', expected: '', got: writeRequest(extra) }
}

/** Without discovery, and with the polls for a change to have happened told once: their number is a matter of time. */
function toCompare(requests: readonly SentRequest[]): SentRequest[] {
  const kept: SentRequest[] = []
  let changed = false
  for (const request of requests) {
    if (isDiscovery(request)) continue
    const before = kept.at(-1)
    const again = before !== undefined && writeRequest(before) === writeRequest(request)
    if (changed && again && request.method === 'GET') continue
    changed ||= request.method !== 'GET'
    kept.push(request)
  }
  return kept
}

/** A call with the output of another in it runs after that one, wherever a recording has it. */
function inOrder(calls: CorpusRecord['kubectl']): CorpusRecord['kubectl'] {
  const waits = (call: CorpusRecord['kubectl'][number]) => call.argv.some((word) => word.includes('captured'))
  return [...calls.filter((call) => !waits(call)), ...calls.filter(waits)]
}

/** A request on one line. */
export function writeRequest({ method, path, query, contentType, body }: SentRequest): string {
  const kind = method === 'PATCH' && contentType ? ` (${contentType.replace('application/', '')})` : ''
  return `${method} ${path}${query ? `?${query}` : ''}${kind}${body ? ` ${body}` : ''}`
}

class Comparison {
  private readonly line: string
  /** Whether each kubectl call says which namespace it means. */
  private readonly namespaceNamed: boolean

  constructor(
    { line, kubectl }: Pick<CorpusRecord, 'line' | 'kubectl'>,
    private readonly expected: CanonicalRequest,
    private readonly got: CanonicalRequest,
    private readonly raw: SentRequest,
  ) {
    this.line = line
    this.namespaceNamed = kubectl.every(({ argv }) => namesNamespace(argv))
  }

  differs(): string | undefined {
    const { expected, got } = this
    if (expected.method !== got.method) return 'method'
    const path = this.pathDiffers(expected.path, got.path)
    if (path) return path
    const query = this.queryDiffers()
    if (query) return query
    if (expected.contentType !== got.contentType) return 'content type'
    // A body that is not JSON text (protobuf) is not in the recording in a form that can be compared.
    return expected.body === undefined || this.sameValue(expected.body, got.body) ? undefined : 'body'
  }

  private pathDiffers(expected: CanonicalPath, got: CanonicalPath): string | undefined {
    const guessed = expected.group === GUESSED_GROUP
    // kubectl takes the beginning of a group for all of it: `kubecontrollermanagers.operator`.
    const begins = got.group !== '' && expected.group?.startsWith(`${got.group}.`)
    if (!guessed && !begins && expected.group !== got.group) return 'group'
    if (BUILT_IN.test(expected.group ?? '') && expected.version !== got.version) return 'version'
    if (!this.sameNamespace(expected.namespace, got.namespace, guessed)) return 'namespace'
    if (!sameResource(expected.resource, got.resource, guessed)) return 'resource'
    const same =
      expected.rest.length === got.rest.length &&
      expected.rest.every((word, index) => this.sameText(word, got.rest[index] ?? ''))
    return same ? undefined : 'name'
  }

  /** A line that names no namespace was recorded with `default`; whoever asks for one instead asks for no other. */
  private sameNamespace(expected: string | undefined, got: string | undefined, guessed: boolean): boolean {
    if (expected === got) return true
    if (expected !== 'default' || this.namespaceNamed) return false
    // Whether a resource of a guessed group lives in namespaces was guessed as well.
    if (got === undefined) return guessed
    const written = /\/namespaces\/([^/]+)/.exec(this.raw.path)?.[1] ?? ''
    return isOnePlaceholder(written.replace(/%3C/gi, '<').replace(/%3E/gi, '>'))
  }

  private queryDiffers(): string | undefined {
    const theirs = this.expected.query
    const ours = this.got.query
    for (const [index, [name, value]] of theirs.entries()) {
      const [gotName, gotValue] = ours[index] ?? ['', '']
      if (gotName !== name) return `query ${gotName && gotName < name ? gotName : name}`
      const same =
        name === 'fieldSelector'
          ? this.sameTerms(value, gotValue)
          : name === 'labelSelector'
            ? value === gotValue || (value === 'app=x' && !this.line.includes('app=x'))
            : name === 'container'
              ? value === gotValue || (value === 'c' && !/(^|\s)(-c|--container)[ =]?c(\s|$)/.test(this.line))
              : this.sameText(value, gotValue)
      if (!same) return `query ${name}`
    }
    const more = ours[theirs.length]
    return more && `query ${more[0]}`
  }

  private sameTerms(expected: string, got: string): boolean {
    const theirs = expected.split(',')
    const ours = got.split(',')
    return (
      theirs.length === ours.length &&
      theirs.every((term, index) => {
        const [, key = '', value = ''] = /^([^=!]+[!=]=?)(.*)$/.exec(term) ?? []
        const other = ours[index] ?? ''
        if (!other.startsWith(key)) return false
        // The kind of a custom resource is guessed from the word on the line, its uid is of the recording.
        const guess = key === 'involvedObject.kind=' && kindOf(value) === undefined
        return guess || this.sameText(value, other.slice(key.length))
      })
    )
  }

  private sameValue(expected: unknown, got: unknown): boolean {
    if (typeof expected === 'string' && typeof got === 'string') return this.sameText(expected, got)
    if (typeof expected !== 'object' || expected === null || typeof got !== 'object' || got === null)
      return expected === got
    if (Array.isArray(expected) !== Array.isArray(got)) return false
    const theirs = Object.entries(expected)
    return (
      theirs.length === Object.keys(got).length &&
      theirs.every(
        ([key, value]) =>
          Object.hasOwn(got, key) && this.sameValue(value, (got as Record<string, unknown>)[key]),
      )
    )
  }

  /** What a recording took from an answer, or from a command in $( ), stands for whatever the compiler says there. */
  private sameText(expected: string, got: string): boolean {
    if (expected === got) return true
    if (expected === 'captured') return /\$\(|`/.test(this.line)
    return ['item1', 'u1'].includes(expected) && !new RegExp(`\\b${expected}\\b`).test(this.line)
  }
}

/** Whether a call says which namespace it means; what stands after `--` is for another program. */
function namesNamespace(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return (end < 0 ? argv : argv.slice(0, end)).some((word) => /^(-n|--namespace$|--namespace=)/.test(word))
}

/** The plural of a guessed resource is a guess as well; what Kubernetes has itself is not among them. */
function sameResource(expected: string | undefined, got: string | undefined, guessed: boolean): boolean {
  if (expected === got) return true
  return guessed && expected !== undefined && got !== undefined && kindOf(got) === undefined
}
