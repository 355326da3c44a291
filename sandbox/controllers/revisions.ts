import { isDeepStrictEqual } from 'node:util'
import { kindInfo } from '../api/kinds'
import type { Store } from '../api/store'
import type { KubeObject } from '../types'
import { isOwnedBy, ownerOf } from './pod-template'

/** What a revision keeps of a template, in the form of a patch that `kubectl rollout undo` sends back. */
function dataOf(set: KubeObject) {
  return { spec: { template: { ...set.spec.template, $patch: 'replace' } } }
}

/** Keeps each template of a StatefulSet or DaemonSet as a numbered ControllerRevision. */
export function keepRevisions(store: Store, set: KubeObject, hash: string): void {
  const { namespace, name } = set.metadata
  const own = store.list('ControllerRevision', namespace).filter((one) => isOwnedBy(one, set))
  const newest = Math.max(0, ...own.map((one) => Number(one.revision)))
  const data = dataOf(set)
  const same = own.find((one) => isDeepStrictEqual(one.data, data))
  if (!same) {
    store.create(kindInfo('ControllerRevision'), {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: `${name}-${hash}`,
        namespace,
        creationTimestamp: newest === 0 ? set.metadata.creationTimestamp : undefined,
        labels: { ...set.spec.template.metadata?.labels, 'controller-revision-hash': hash },
        ownerReferences: [ownerOf(set)],
      },
      data,
      revision: newest + 1,
    })
  } else if (Number(same.revision) < newest) {
    store.change('ControllerRevision', namespace, same.metadata.name, (one) => {
      one.revision = newest + 1
    })
  }
  const limit: number = set.spec.revisionHistoryLimit ?? 10
  const old = own
    .filter((one) => one.metadata.uid !== same?.metadata.uid)
    .sort((a, b) => Number(a.revision) - Number(b.revision))
  for (const one of old.slice(0, Math.max(0, old.length - limit)))
    store.remove(kindInfo('ControllerRevision'), namespace, one.metadata.name)
}
