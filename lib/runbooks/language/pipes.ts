import type { Command as ShellCommand } from 'unbash'
import type { Filter } from '../command'
import { manual } from './reasons'
import { inputOf, type WordContext, wordText } from './words-of'
import { programOf } from './wrappers'

/** Programs whose work on text Crashcart does itself, or understands as part of an operation. */
const FILTERS = new Set(
  'grep egrep fgrep head tail wc sort uniq cut tr awk gawk mawk sed jq yq column base64 xargs cat tac rev nl paste fold openssl'.split(
    ' ',
  ),
)
/** These show a text page by page, and leave it as it is. */
const PAGERS = new Set(['less', 'more', 'most', 'bat'])
const SHELLS = new Set(['sh', 'bash', 'zsh', 'ash', 'dash', 'ksh', 'source', 'eval', 'perl', 'ruby', 'node'])
/** With a program or a module of its own, Python reads what is piped into it; without, it runs that. */
const PYTHON = /^python(3(\.\d+)?)?$/

/** A stage of a pipe as a filter; none for one that leaves the text as it is. Throws StaysManual. */
export function filterOf(argv: string[], from: string, context: WordContext): Filter[] {
  const program = argv[0]?.split('/').at(-1) ?? ''
  const kubectl = (word: string | undefined) => ['kubectl', 'oc'].includes(programOf(word))
  if (kubectl(argv[0])) manual(kubectl(from) || from === 'curl' ? 'feedsKubectl' : 'pipeFrom', from)
  const python = PYTHON.test(program)
  const reads = python && (argv[1] === '-c' || argv[1] === '-m')
  if (SHELLS.has(program) || (python && !reads)) manual('feedsShell', program)
  if (python) return [{ program: 'python3', argv }]
  if (program === 'tee') manual('writesFile')
  if (PAGERS.has(program) && argv.slice(1).every((word) => word.startsWith('-'))) {
    context.note(`| ${program} is left out: it only pages the text.`)
    return []
  }
  if (!FILTERS.has(program)) manual('pipe', program || 'nothing')
  if (program === 'cat' && argv.length === 1) return []
  return [{ program, argv }]
}

/**
 * The text that the first stage of a pipe gives to the next: of `echo '…'`, `printf '…'` or `cat <<EOF`. undefined
 * for every other command.
 */
export function givesText(node: ShellCommand, piped: boolean, context: WordContext): string | undefined {
  const program = node.name?.value ?? ''
  if (!piped || !['echo', 'printf', 'cat'].includes(program)) return undefined
  const words = node.args.map((word) =>
    word.type === 'Word' ? context.placeholders.restore(wordText(word, context)) : word.text,
  )
  if (program === 'cat')
    return words.every((word) => word === '-') ? inputOf(node.redirects, context) : undefined
  if (node.redirects.length > 0) return undefined
  if (program === 'printf') {
    const [format = '', ...values] = words
    if (values.length === 0 && !/[%\\]/.test(format.replaceAll('\\n', '')))
      return format.replaceAll('\\n', '\n')
    return /^%s(\\n)?$/.test(format) && values.length === 1
      ? `${values[0]}${format === '%s' ? '' : '\n'}`
      : undefined
  }
  let escapes = false
  let end = '\n'
  while (/^-[neE]+$/.test(words[0] ?? '')) {
    const options = words.shift() ?? ''
    if (options.includes('n')) end = ''
    if (options.includes('e')) escapes = true
  }
  const text = words.join(' ')
  return (escapes ? text.replaceAll('\\n', '\n').replaceAll('\\t', '\t') : text) + end
}
