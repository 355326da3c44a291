const HOUR = 3_600_000

/** What objects of tests are made with. */
export interface Made {
  /** A time so many hours ago, and 20 minutes: ages stay the same for minutes. */
  ago(hours: number): string
  meta(name: string, more?: object): Record<string, unknown>
  ownedBy(kind: string, name: string): object
}

/** `now` is milliseconds since 1970. */
export function madeAt(now: number): Made {
  const ago = (hours: number) => `${new Date(now - hours * HOUR - HOUR / 3).toISOString().slice(0, 19)}Z`
  return {
    ago,
    meta: (name, more = {}) => ({
      name,
      namespace: 'default',
      uid: `uid-${name}`,
      creationTimestamp: ago(100 * 24),
      ...more,
    }),
    ownedBy: (kind, name) => ({
      ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: `uid-${name}`, controller: true }],
    }),
  }
}
