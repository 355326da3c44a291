import type { Command, KubectlCommand } from '../command'
import { readKubectl } from '../kubectl'
import { type ApiRequest, requestsOf } from './index'

const PLACEHOLDER = /<([A-Za-z][A-Za-z0-9_.-]*)>/g

/** Words that only their place gives away (`NAME`, `web-xxxxx`); kubectl itself takes them for a name. */
const PLAIN_WORDS = /^[A-Za-z0-9][A-Za-z0-9 .-]*$/

/**
 * What kubectl would send for commands, in order, each placeholder bound to its own name in lower case, and those
 * that are plain words (`spelled`: how each is written) as they stand. undefined when that cannot be told of one of them, or when
 * none of them is kubectl.
 */
export function requestsOfCommands(
  commands: readonly Command[],
  spelled: readonly { name: string; spelling: string }[] = [],
): ApiRequest[] | undefined {
  const plain = new Map(
    spelled.flatMap(({ name, spelling }) => (PLAIN_WORDS.test(spelling) ? [[name, spelling]] : [])),
  )
  const bound = (text: string) =>
    text.replace(PLACEHOLDER, (_whole, name: string) => plain.get(name) ?? name.toLowerCase())
  const requests: ApiRequest[] = []
  for (const command of commands) {
    // A placeholder's own name is no TYPE/NAME.
    if (command.program !== 'kubectl' || command.resources.some(({ open }) => open)) return undefined
    const read = readKubectl(command.argv.slice(1).map(bound))
    if ('manual' in read) return undefined
    const { innerArgv, ...own } = read
    const whole: KubectlCommand = {
      ...own,
      ...(command.stdin === undefined ? {} : { stdin: bound(command.stdin) }),
      ...(innerArgv
        ? {
            inner: {
              program: 'other',
              name: innerArgv[0] ?? '',
              argv: innerArgv,
              filters: [],
              text: '',
            },
          }
        : {}),
    }
    const sent = requestsOf(whole)
    if ('manual' in sent) return undefined
    requests.push(...sent.requests)
  }
  return requests
}
