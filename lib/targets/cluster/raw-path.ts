import 'server-only'
import { isPlainPath } from './plain-path'

/** What the API server says of itself (kubernetes.io/docs/reference/using-api/health-checks and API concepts). */
const OF_THE_SERVER =
  /^\/(healthz|livez|readyz|version|metrics|openapi|openid|\.well-known|flagz|statusz|configz|apis?)(\/|$)/
/** What a kubelet tells over its proxy; its other paths run programs or change something. */
const OF_A_KUBELET =
  /^(stats\/summary|metrics(\/[\w-]+)*|healthz(\/[\w-]+)*|pods|runningpods\/|configz|logs(\/.*)?)$/
/** What the API server is a proxy to: `…/services/NAME/proxy/…`. */
const PROXIED = new Set(['pods', 'services', 'nodes'])
/** Parts of a path that open a stream into a pod, or lead to values that are kept from view. */
const CLOSED = new Set(['exec', 'attach', 'portforward', 'secrets', 'run', 'cri', 'debug'])

/**
 * Why a path of `kubectl get --raw` is not asked for, in a sentence; undefined when it is. A GET changes nothing on the
 * API server itself, but some paths open streams, others hold secrets.
 */
export function whyNotAsked(path: string): string | undefined {
  if (!path.startsWith('/') || !isPlainPath(path)) return 'It is not a path that can be asked for.'
  const [before = '', query = ''] = path.split('?')
  if (!OF_THE_SERVER.test(before)) return 'The API server has no such path.'
  const asked = new URLSearchParams(query)
  if (asked.has('watch') || asked.has('follow') || /^\/apis?\/(.*\/)?watch\//.test(before))
    return 'It would wait for what comes next, without an end.'
  const parts = before.split('/').filter(Boolean)
  // Only where the API has it: a namespace or an object may be called proxy, too.
  const proxy = parts.findIndex((part, at) => part === 'proxy' && PROXIED.has(parts[at - 2] ?? ''))
  const own = proxy < 0 ? parts : parts.slice(0, proxy)
  // Percent signs could spell any of them.
  if (own.some((part) => CLOSED.has(part) || part.includes('%')))
    return 'It leads to secrets, or opens a stream.'
  if (proxy >= 0 && own.includes('nodes') && !OF_A_KUBELET.test(parts.slice(proxy + 1).join('/')))
    return 'The kubelet does more than tell something under that path.'
  return undefined
}
