/** Refusals: status codes, reasons, causes and texts. */
import { describe, it } from 'vitest'
import { CONFIG_MAP, clone, DEPLOYMENT, PATHS } from './same-objects'
import { answer, type Cluster, compare, type Json, NAMESPACE, type Sides, said } from './same-side'

const containerOf = (deployment: Json): Json => deployment.spec.template.spec.containers[0]

/** Deployments that are refused, by what is wrong with them. */
const REFUSED: Record<string, (one: Json) => void> = {
  'a limit below its request': (one) => {
    containerOf(one).resources = { requests: { memory: '256Mi' }, limits: { memory: '128Mi' } }
  },
  'a CPU limit below its request': (one) => {
    containerOf(one).resources = { requests: { cpu: '1' }, limits: { cpu: '250m' } }
  },
  'a bad name': (one) => {
    one.metadata.name = 'Echo_1'
  },
  'no name': (one) => {
    delete one.metadata.name
  },
  'negative replicas': (one) => {
    one.spec.replicas = -1
  },
  'a quantity that is none': (one) => {
    containerOf(one).resources = { limits: { memory: 'much' } }
  },
  'no containers': (one) => {
    one.spec.template.spec.containers = []
  },
  'no image': (one) => {
    delete containerOf(one).image
  },
  'two containers of one name': (one) => {
    one.spec.template.spec.containers.push(containerOf(one))
  },
  'a selector that misses its template': (one) => {
    one.spec.selector.matchLabels = { app: 'other' }
  },
  'no selector': (one) => {
    delete one.spec.selector
  },
  'a port out of range': (one) => {
    containerOf(one).ports[0].containerPort = 99999
  },
  'replicas as text': (one) => {
    one.spec.replicas = 'two'
  },
}

export function refusalsSuite(sides: Sides): void {
  const same = (what: string, look: (cluster: Cluster) => Promise<unknown>) =>
    it(what, () => compare(sides, look))
  const line = (text: string, input?: unknown) =>
    same(`kubectl ${text}`, async (cluster) => said(await cluster.kubectl(text, input)))
  const deployment = (name: string, edit: (copy: Json) => void) =>
    clone(DEPLOYMENT, (copy) => {
      copy.metadata.name = name
      edit(copy)
    })

  describe('refusals', () => {
    line('get cm absent')
    line('get deploy absent other')
    line('get nonsense')
    line('delete pod absent')
    line('describe deploy absent')
    line('scale deploy absent --replicas=1')
    line('logs absent')
    line('exec absent -- true')
    line('create -f -', CONFIG_MAP)
    line(
      'create -f -',
      clone(CONFIG_MAP, (one) => {
        one.metadata.namespace = 'default'
      }),
    )
    line(
      'create -f -',
      clone(CONFIG_MAP, (one) => {
        one.dato = {}
      }),
    )
    line('create cm broken-@')
    line('patch deploy echo -p \'{"spec":{"replicaz":1}}\'')
    line('patch deploy echo -p \'{"spec":{"selector":{"matchLabels":{"app":"other"}}}}\'')
    line('scale deploy echo --replicas=-1')
    line('create secret generic key --from-literal=a=b')

    for (const [what, edit] of Object.entries(REFUSED)) {
      same(`a Deployment with ${what}: the answer`, async (cluster) =>
        answer(
          await cluster.send(
            'POST',
            `${PATHS.deployments}?fieldValidation=Strict`,
            deployment('refused', edit),
          ),
        ),
      )
      same(`a Deployment with ${what}: what kubectl says`, async (cluster) => {
        const { err, code } = await cluster.kubectl('create -f -', deployment('refused', edit))
        return { err, code }
      })
    }

    for (const [what, method, path] of [
      ['an object that is not there', 'GET', `${PATHS.configMaps}/absent`],
      ['a Deployment that is not there', 'GET', `${PATHS.deployments}/absent`],
      ['deleting what is not there', 'DELETE', `${PATHS.configMaps}/absent`],
      ['a kind that is not there', 'GET', `/api/v1/namespaces/${NAMESPACE}/nonsense`],
      ['a group that is not there', 'GET', '/apis/nonsense.example/v1/things'],
      ['a subresource that is not there', 'GET', `${PATHS.configMaps}/settings/nonsense`],
      ['a bad label selector', 'GET', `${PATHS.configMaps}?labelSelector=${encodeURIComponent('a in')}`],
      ['a bad field selector', 'GET', `${PATHS.configMaps}?fieldSelector=data.mode%3Dcalm`],
      ['a watch from an impossible version', 'GET', `${PATHS.configMaps}?watch=true&resourceVersion=x`],
      ['a method that is not allowed', 'PUT', PATHS.configMaps],
    ] as const)
      same(what, async (cluster) => answer(await cluster.send(method, path)))

    same('an object that is there already', async (cluster) =>
      answer(await cluster.send('POST', PATHS.configMaps, CONFIG_MAP)),
    )
    same('an object of another kind', async (cluster) =>
      answer(await cluster.send('POST', PATHS.configMaps, DEPLOYMENT)),
    )
    same('an object of another namespace', async (cluster) =>
      answer(
        await cluster.send(
          'POST',
          PATHS.configMaps,
          clone(CONFIG_MAP, (one) => {
            one.metadata.namespace = 'default'
          }),
        ),
      ),
    )
    same('a namespace that is not there', async (cluster) => {
      const map = clone(CONFIG_MAP, (one) => {
        one.metadata.namespace = 'absent'
      })
      return answer(await cluster.send('POST', '/api/v1/namespaces/absent/configmaps', map))
    })
    same('a field that is not known, with strict validation', async (cluster) =>
      answer(
        await cluster.send(
          'POST',
          `${PATHS.configMaps}?fieldValidation=Strict`,
          clone(CONFIG_MAP, (one) => {
            one.metadata.name = 'strict'
            one.dato = {}
          }),
        ),
      ),
    )
    same('another name than on the URL', async (cluster) =>
      answer(
        await cluster.send(
          'PUT',
          `${PATHS.configMaps}/settings`,
          clone(CONFIG_MAP, (one) => {
            one.metadata.name = 'other'
          }),
        ),
      ),
    )
  })
}
