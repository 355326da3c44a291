import { requirePermission } from '@/lib/access/session'
import { fail } from '@/lib/core/result'
import type { LiveEvent } from '@/lib/engine/types'
import { openStreams, subscribe } from '@/lib/live/hub'
import { stopping } from '@/lib/live/stopping'
import { answer } from '@/lib/loaders/answer'

export const dynamic = 'force-dynamic'

/** Streams in one process; a browser that is turned away tries again later. */
const STREAMS_AT_MOST = 2_000
/** Streams of one person: every open tab on every device has one. Keeps one account from taking all of them. */
const STREAMS_EACH = 100
/** Comments between events keep proxies from closing a quiet stream (most do after 60 s). */
const BEAT_MS = 20_000
/** A stream ends after this, so that a session which ended is noticed; browsers open a new one at once. */
const LIFE_MS = 30 * 60_000
/** Events waiting for a browser that does not read; beyond it the stream ends and is opened afresh. */
const BACKLOG = 500

/** Everything that happens, as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export async function GET(request: Request): Promise<Response> {
  const actor = await requirePermission('board:view')
  if (!actor.ok) return answer(actor)
  if (openStreams() >= STREAMS_AT_MOST)
    return answer(fail('target_unavailable', 'Too many people look at once. Try again in a moment.'))
  if (openStreams(actor.value.id) >= STREAMS_EACH)
    return answer(fail('conflict', 'You have Crashcart open in too many places. Close some of them.'))
  const encoder = new TextEncoder()
  let close = () => {}
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (text: string) => {
          if ((controller.desiredSize ?? 0) <= -BACKLOG) close()
          else controller.enqueue(encoder.encode(text))
        }
        const say = (event: LiveEvent) => send(`data: ${JSON.stringify(event)}\n\n`)
        const leave = subscribe(say, actor.value.id)
        const beat = setInterval(() => send(': still here\n\n'), BEAT_MS)
        const life = setTimeout(() => close(), LIFE_MS)
        let open = true
        close = () => {
          if (!open) return
          open = false
          leave()
          clearInterval(beat)
          clearTimeout(life)
          stopping().removeEventListener('abort', close)
          request.signal.removeEventListener('abort', close)
          try {
            controller.close()
          } catch {
            // The browser was faster: a stream that was cancelled cannot be closed again.
          }
        }
        request.signal.addEventListener('abort', close)
        stopping().addEventListener('abort', close)
        if (request.signal.aborted || stopping().aborted) return close()
        say({ type: 'hello', at: new Date().toISOString() })
      },
      cancel() {
        close()
      },
    },
    { highWaterMark: 1 },
  )
  return new Response(stream, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    },
  })
}
