import type { Command, KubectlCommand } from '../command'
import { readKubectl } from '../kubectl'
import { type ApiRequest, requestsOf } from './index'

const PLACEHOLDER = /<([A-Za-z][A-Za-z0-9_.-]*)>/g

/** A text with each placeholder bound to its own name, in lower case. */
function bound(text: string): string {
  return text.replace(PLACEHOLDER, (_whole, name: string) => name.toLowerCase())
}

/**
 * What kubectl would send for commands, in order, each placeholder bound to its own name. undefined when that cannot
 * be told of one of them, or when none of them is kubectl.
 */
export function requestsOfCommands(commands: readonly Command[]): ApiRequest[] | undefined {
  const requests: ApiRequest[] = []
  for (const command of commands) {
    if (command.program !== 'kubectl') return undefined
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
