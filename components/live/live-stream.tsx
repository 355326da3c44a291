'use client'
import { useEffect, useEffectEvent, useState } from 'react'
import type { LiveEvent } from '@/lib/engine/types'

export type Connection = 'connecting' | 'live' | 'offline'

/** Milliseconds before the next try, up to half again as long, so that browsers do not come back at once. */
const WAITS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000]

function parse(data: string): LiveEvent | undefined {
  try {
    const event: unknown = JSON.parse(data)
    return typeof event === 'object' && event !== null && 'type' in event ? (event as LiveEvent) : undefined
  } catch {
    return undefined
  }
}

/**
 * Keeps one stream of live events open and says how it stands. `onOpen` runs each time the stream
 * begins (what happened before it is not sent again); `onEvent` for each event.
 */
export function useLiveStream({
  onOpen,
  onEvent,
}: {
  onOpen(): void
  onEvent(event: LiveEvent): void
}): Connection {
  const [connection, setConnection] = useState<Connection>('connecting')
  const opened = useEffectEvent(onOpen)
  const received = useEffectEvent(onEvent)

  useEffect(() => {
    let source: EventSource | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let failures = 0

    const connect = () => {
      clearTimeout(timer)
      source?.close()
      source = new EventSource('/api/live')
      source.onopen = () => {
        failures = 0
        setConnection('live')
        opened()
      }
      source.onmessage = (message: MessageEvent<string>) => {
        const event = parse(message.data)
        if (event) received(event)
      }
      source.onerror = () => {
        source?.close()
        source = undefined
        setConnection('offline')
        const wait = WAITS[Math.min(failures, WAITS.length - 1)] ?? 30_000
        failures += 1
        timer = setTimeout(connect, wait * (1 + Math.random() / 2))
      }
    }
    const connectNow = () => {
      if (!source) connect()
    }
    const lookedAt = () => {
      if (document.visibilityState === 'visible') connectNow()
    }
    const lost = () => setConnection('offline')

    connect()
    window.addEventListener('online', connectNow)
    window.addEventListener('offline', lost)
    document.addEventListener('visibilitychange', lookedAt)
    return () => {
      clearTimeout(timer)
      source?.close()
      window.removeEventListener('online', connectNow)
      window.removeEventListener('offline', lost)
      document.removeEventListener('visibilitychange', lookedAt)
    }
  }, [])

  return connection
}
