/** A plain HTTP service on every port of its container: the AI and CMS services, log agents, DNS. */
import { fileURLToPath } from 'node:url'
import type { Part } from './types'

/** Path of one of programs/, which node starts as it is. */
export function programFile(name: string): string {
  return fileURLToPath(new URL(`../programs/${name}.mjs`, import.meta.url))
}

/** What almost every image has. */
export const COMMON_PROGRAMS = {
  ls: '/usr/bin/ls',
  cat: '/usr/bin/cat',
  free: '/usr/bin/free',
  env: '/usr/bin/env',
}

/** Part of every image that no other part knows. */
export function plainPart(): Part {
  return {
    image: /./,
    async launch(context) {
      return {
        argv: [process.execPath, programFile('plain')],
        env: { PATH: '/usr/bin:/bin', PORTS: context.env.PORTS ?? '' },
        programs: COMMON_PROGRAMS,
      }
    },
  }
}
