/** A small gateway with Kong's admin API. */
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { COMMON_PROGRAMS, programFile } from './plain'
import type { Part } from './types'

const SERVICES = {
  services: [
    {
      id: '2f6a4c1e-7b1d-4a53-9a5c-0c7b6f1d2e3a',
      name: 'backend-api',
      host: 'backend-api.backend-services',
      port: 80,
      protocol: 'http',
      retries: 5,
      enabled: true,
    },
  ],
}

/** `kong reload` tells the running gateway to read its configuration again. The first program of the pod is `sleep`. */
const KONG = `#!/bin/sh
case "$1" in
  reload) pkill -HUP -f programs/kong.mjs && echo "Kong reloaded" ;;
  health) pgrep -f programs/kong.mjs >/dev/null && echo "Kong is healthy" ;;
  *) echo "Usage: kong COMMAND [OPTIONS]" >&2; exit 1 ;;
esac
`

/** Part of the image `kong`. */
export function kongPart(): Part {
  return {
    image: /^kong:\d/,
    async launch(context) {
      const configuration = join(context.scratch, 'kong.json')
      writeFileSync(configuration, JSON.stringify(SERVICES))
      const kong = join(context.scratch, 'kong')
      writeFileSync(kong, KONG)
      chmodSync(kong, 0o755)
      return {
        argv: [process.execPath, programFile('kong')],
        env: { PATH: '/usr/bin:/bin', KONG_CONFIGURATION: configuration },
        programs: { ...COMMON_PROGRAMS, curl: '/usr/bin/curl', kong },
      }
    },
  }
}
