/** The reference's own service. */
import { join } from 'node:path'
import type { KubeApi } from '../kube-api'
import { COMMON_PROGRAMS, programFile } from './plain'
import { postgresPrograms } from './postgres'
import type { Part } from './types'

/** Releases that exist; any other tag cannot be pulled, as in the practice cluster. */
const RELEASES = /:2\.1[0-4]\.\d+$/

/** Part of the image `backend-api`. It reads the Secret `jwt-secret` through `api` at each start, as a mounted file is read. */
export function backendApiPart(api: Pick<KubeApi, 'get'>): Part {
  return {
    image: /\/backend-api:/,
    async launch(context) {
      if (!RELEASES.test(context.image)) throw new Error(`ErrImagePull: ${context.image}: not found`)
      const secret = await api.get(`/api/v1/namespaces/${context.namespace}/secrets/jwt-secret`)
      const value = (key: string) => Buffer.from(secret.data?.[key] ?? '', 'base64').toString('utf8')
      return {
        argv: [process.execPath, programFile('backend-api')],
        env: {
          PATH: '/usr/bin:/bin',
          ...context.env,
          JWT_SECRET: value('secret'),
          JWT_PREVIOUS: value('previous'),
        },
        programs: {
          ...COMMON_PROGRAMS,
          curl: '/usr/bin/curl',
          pg_isready: join(postgresPrograms(), 'pg_isready'),
        },
      }
    },
  }
}
