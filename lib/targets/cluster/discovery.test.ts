import { describe, expect, it, vi } from 'vitest'
import { ok } from '../../core/result'
import { Discovery } from './discovery'
import type { Transport } from './transport'

/** A transport that answers these paths. */
function answering(answers: Record<string, object>) {
  const json = vi.fn(async ({ path }: { path: string }) => ok(answers[path] ?? {}))
  return { discovery: new Discovery({ json } as unknown as Transport), json }
}

async function seen(discovery: Discovery) {
  const [types, versions] = [await discovery.types(), await discovery.groupVersions()]
  if (!types.ok || !versions.ok) throw new Error('no answer')
  return {
    types: types.value.map(({ group, version, plural, shortNames }) =>
      [group, version, plural, ...shortNames].join(' '),
    ),
    versions: versions.value,
  }
}

const EXPECTED = {
  types: [' v1 pods po', 'batch v1 jobs', 'batch v1beta1 cronjobs cj'],
  versions: ['v1', 'batch/v1', 'batch/v1beta1'],
}

describe('discovery', () => {
  it('takes each type in the version that is preferred, or else in the first that has it', async () => {
    const resource = (name: string, ...shortNames: string[]) => ({
      resource: name,
      scope: 'Namespaced',
      shortNames,
    })
    const { discovery, json } = answering({
      '/api': {
        kind: 'APIGroupDiscoveryList',
        items: [{ metadata: {}, versions: [{ version: 'v1', resources: [resource('pods', 'po')] }] }],
      },
      '/apis': {
        kind: 'APIGroupDiscoveryList',
        items: [
          {
            metadata: { name: 'batch' },
            versions: [
              { version: 'v1', resources: [resource('jobs')] },
              { version: 'v1beta1', resources: [resource('jobs'), resource('cronjobs', 'cj')] },
            ],
          },
        ],
      },
    })
    expect(await seen(discovery)).toEqual(EXPECTED)
    expect(json).toHaveBeenCalledTimes(2)
  })

  it('asks an older API server for each version', async () => {
    const resource = (name: string, ...shortNames: string[]) => ({
      name,
      kind: name,
      namespaced: true,
      shortNames,
    })
    const { discovery } = answering({
      '/api': { kind: 'APIVersions', versions: ['v1'] },
      '/apis': {
        kind: 'APIGroupList',
        groups: [
          {
            name: 'batch',
            versions: [
              { groupVersion: 'batch/v1', version: 'v1' },
              { groupVersion: 'batch/v1beta1', version: 'v1beta1' },
            ],
            preferredVersion: { groupVersion: 'batch/v1', version: 'v1' },
          },
        ],
      },
      '/api/v1': { resources: [resource('pods', 'po'), resource('pods/log')] },
      '/apis/batch/v1': { resources: [resource('jobs')] },
      '/apis/batch/v1beta1': { resources: [resource('jobs'), resource('cronjobs', 'cj')] },
    })
    expect(await seen(discovery)).toEqual(EXPECTED)
  })
})
