import { kindInfo } from '../api/kinds'
import type { Store } from '../api/store'
import type { KubeObject } from '../types'

/** Events are kept for an hour by a real API server; here by number. */
const MAX_EVENTS = 600

/** Writes core/v1 Events, counting repeats up instead of adding more, as client-go's recorder does. */
export class Recorder {
  constructor(
    private readonly store: Store,
    private readonly now: () => number,
  ) {}

  event(
    about: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    source = 'practice',
  ): void {
    const { namespace, name, uid } = about.metadata
    const where = namespace ?? 'default'
    const at = `${new Date(this.now()).toISOString().slice(0, 19)}Z`
    const same = this.store
      .list('Event', where)
      .find((one) => one.involvedObject.uid === uid && one.reason === reason && one.message === message)
    if (same) {
      this.store.change('Event', where, same.metadata.name, (one) => {
        one.count += 1
        one.lastTimestamp = at
      })
      return
    }
    this.store.create(kindInfo('Event'), {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.${Math.random().toString(16).slice(2, 18)}`, namespace: where },
      involvedObject: { kind: about.kind, apiVersion: about.apiVersion, namespace, name, uid },
      type,
      reason,
      message,
      count: 1,
      firstTimestamp: at,
      lastTimestamp: at,
      source: { component: source },
      reportingComponent: source,
    })
    const all = this.store.list('Event')
    if (all.length > MAX_EVENTS) {
      const oldest = [...all].sort((a, b) =>
        String(a.lastTimestamp).localeCompare(String(b.lastTimestamp)),
      )[0]
      if (oldest) this.store.remove(kindInfo('Event'), oldest.metadata.namespace, oldest.metadata.name)
    }
  }

  /** Removes a pod whose containers are gone. */
  removePod(namespace: string, name: string): void {
    if (this.store.get('Pod', namespace, name)) this.store.remove(kindInfo('Pod'), namespace, name)
  }
}
