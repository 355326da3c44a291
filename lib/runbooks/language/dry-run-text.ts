import { placeholdersIn } from '../command'
import { readKubectl } from '../kubectl'
import { createRequests, isDryRun } from '../requests/creates'

const FROM_FILES = /^(filename|kustomize|from-file|from-env-file|cert|key)$/

/**
 * What `kubectl create … --dry-run=client -o yaml` prints, as JSON: the object that it would send, which the next stage
 * applies. `words` are those after kubectl. undefined for any other command, and for one that cannot be told.
 */
export function dryRunText(words: readonly string[]): string | undefined {
  // What is filled in later could change more of the text than its own value.
  if (words.some((word) => placeholdersIn(word).length > 0)) return undefined
  const command = readKubectl(words)
  if ('manual' in command || command.verb !== 'create' || !isDryRun(command)) return undefined
  const { 'dry-run': _dryRun, ...flags } = command.flags
  // Files are the person's own, and values of secrets stand in no manifest here.
  if (!['yaml', 'json'].includes(command.output ?? '') || command.subverb === 'secret') return undefined
  if (Object.keys(flags).some((name) => FROM_FILES.test(name))) return undefined
  const sent = createRequests({ ...command, flags })
  const [request, ...more] = 'requests' in sent ? sent.requests : []
  return more.length === 0 ? request?.body : undefined
}
