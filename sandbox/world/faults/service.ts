import { randomBytes } from 'node:crypto'
import { autoscaler } from '../manifests'
import type { BackendApi } from '../programs/backend-api'
import { rateLimit } from '../programs/backend-api'
import { processesOf, type Scene } from '../scene'
import { configFault, type FaultRecipe, hangFault, markFault, objectFault, replaceNow } from './recipe'

const BACKEND = { kind: 'Deployment', namespace: 'backend-services', name: 'backend-api' }

/** Faults of the service itself and of its settings. */
export function serviceFaults(scene: Scene): FaultRecipe[] {
  const image =
    (value: string) => (object: { spec: { template: { spec: { containers: { image: string }[] } } } }) => {
      const container = object.spec.template.spec.containers[0]
      if (container) container.image = value
    }
  return [
    objectFault(
      scene,
      {
        name: 'bad-release',
        title: 'A release whose image does not exist',
        teaches: 'A rollout that cannot finish leaves the old pods serving; rolling back ends it.',
        cards: ['service-not-responding', 'service-recovery'],
        cure: 'Roll the deployment back',
      },
      BACKEND,
      (object) => image('registry.aicorp.com/backend-api:2.15.0')(object as never),
      (object) => String(object?.spec.template.spec.containers[0].image).endsWith(':2.15.0'),
      (object) => image('registry.aicorp.com/backend-api:2.14.3')(object as never),
    ),
    hangFault(
      scene,
      {
        name: 'backend-hung',
        title: 'All workers of backend-api are blocked',
        teaches: 'Running is not ready: the pods run, and none answers.',
        cards: [
          'service-not-responding',
          'authentication',
          'events-cqrs',
          'api-gateway',
          'application-health',
          'service-recovery',
        ],
        cure: 'Restart the deployment',
      },
      { namespace: 'backend-services', app: 'backend-api' },
    ),
    objectFault(
      scene,
      {
        name: 'selector-broken',
        title: 'The Service selects no pod',
        teaches: 'Healthy pods and a healthy deployment, and still nothing behind the Service.',
        cards: [
          'service-not-responding',
          'authentication',
          'circuit-breakers',
          'api-gateway',
          'application-health',
          'metrics',
        ],
        cure: 'Set the selector of the Service',
      },
      { kind: 'Service', namespace: 'backend-services', name: 'backend-api' },
      (object) => {
        object.spec.selector = { app: 'backend-api-v2' }
      },
      (object) => object?.spec.selector?.app !== 'backend-api',
      (object) => {
        object.spec.selector = { app: 'backend-api' }
      },
    ),
    objectFault(
      scene,
      {
        name: 'scaled-to-zero',
        title: 'backend-api was scaled to zero and forgotten',
        teaches: 'An autoscaler does not start a workload that was scaled to zero.',
        cards: [
          'service-not-responding',
          'service-recovery',
          'database-connections',
          'authentication',
          'rate-limiting',
          'memory-and-cpu',
          'events-cqrs',
          'circuit-breakers',
          'api-gateway',
          'logging-and-monitoring',
          'data-consistency',
          'connection-pool',
          'application-health',
          'metrics',
        ],
        cure: 'Scale the deployment up',
      },
      BACKEND,
      (object) => {
        object.spec.replicas = 0
      },
      (object) => object?.spec.replicas === 0,
      (object) => {
        object.spec.replicas = 3
      },
    ),
    {
      name: 'jwt-secret-stale',
      title: 'The signing key was changed and backend-api was not restarted',
      teaches: 'Secrets in the environment are read at start: pods older than the secret use the old key.',
      cards: ['authentication'],
      cure: 'Restart the deployment',
      inject: async () => {
        scene.cluster.update(
          'Secret',
          'backend-services',
          'jwt-secret',
          (secret) => {
            secret.data = { secret: Buffer.from(randomBytes(48).toString('base64url')).toString('base64') }
          },
          'secret-rotator',
        )
      },
      active: () =>
        (processesOf(scene, 'backend-api') as BackendApi[]).some(
          (one) => one.secrets.jwt !== scene.jwtSecret() && one.secrets.previous !== scene.jwtSecret(),
        ),
      clear: () => replaceNow(scene, 'backend-services', 'backend-api'),
    },
    {
      name: 'jwt-secret-weak',
      title: 'The signing key has 8 bytes',
      teaches: 'HS256 needs a key of at least 32 bytes (RFC 7518, 3.2).',
      cards: ['authentication'],
      cure: 'Rotate the secret',
      inject: async () => {
        scene.cluster.update(
          'Secret',
          'backend-services',
          'jwt-secret',
          (secret) => {
            secret.data = { secret: Buffer.from('changeme').toString('base64') }
          },
          'dana',
        )
        await replaceNow(scene, 'backend-services', 'backend-api')
      },
      active: () => scene.jwtSecret().length < 32,
      clear: async () => {
        scene.cluster.update('Secret', 'backend-services', 'jwt-secret', (secret) => {
          secret.data = { secret: Buffer.from(randomBytes(48).toString('base64url')).toString('base64') }
        })
        await replaceNow(scene, 'backend-services', 'backend-api')
      },
    },
    configFault(
      scene,
      {
        name: 'token-ttl-too-short',
        title: 'Tokens live 5 seconds',
        teaches: 'Clients are logged out between two requests.',
        cards: ['authentication'],
        cure: 'Set the token TTL',
      },
      'JWT_TTL_SECONDS',
      '5',
      (value) => Number(value) < 300,
    ),
    configFault(
      scene,
      {
        name: 'cors-wildcard',
        title: 'CORS allows every origin with credentials',
        teaches: 'A wildcard origin with credentials opens every session to every site.',
        cards: ['authentication'],
        cure: 'Set the allowed origins',
      },
      'CORS_ALLOWED_ORIGINS',
      '*',
      (value) => value === '*',
    ),
    configFault(
      scene,
      {
        name: 'rate-limit-too-low',
        title: 'The rate limit is below normal traffic',
        teaches: 'A limit below what clients need turns them away.',
        cards: ['rate-limiting'],
        cure: 'Raise the rate limit',
      },
      'rateLimit',
      'enabled: true\nrequestsPerMinute: 30\nburst: 5\nwindowSeconds: 60\nkeyPrefix: "ratelimit:"\n',
      (value) => rateLimit(value) < 380,
    ),
    configFault(
      scene,
      {
        name: 'breaker-threshold-too-low',
        title: 'Circuit breakers open after one failure',
        teaches: 'A threshold of one turns every hiccup into an outage.',
        cards: ['circuit-breakers'],
        cure: 'Set the breaker threshold',
      },
      'CIRCUIT_BREAKER_FAILURE_THRESHOLD',
      '1',
      (value) => Number(value) < 3,
    ),
    {
      ...objectFault(
        scene,
        {
          name: 'memory-limit-too-low',
          title: 'The memory limit is below what backend-api needs',
          teaches: 'OOMKilled restarts the container over and over; only a higher limit helps.',
          cards: ['service-not-responding', 'memory-and-cpu', 'service-recovery'],
          cure: 'Raise the limits',
        },
        BACKEND,
        (object) => {
          object.spec.template.spec.containers[0].resources = {
            requests: { cpu: '250m', memory: '128Mi' },
            limits: { cpu: '1', memory: '256Mi' },
          }
        },
        (object) => object?.spec.template.spec.containers[0].resources.limits.memory === '256Mi',
        (object) => {
          object.spec.template.spec.containers[0].resources = {
            requests: { cpu: '250m', memory: '512Mi' },
            limits: { cpu: '1', memory: '1Gi' },
          }
        },
      ),
      settleMs: 14_000,
    },
    {
      name: 'autoscaler-missing',
      title: 'backend-api has no autoscaler',
      teaches: 'Looking at an autoscaler does not make one.',
      cards: ['memory-and-cpu'],
      cure: 'Create the autoscaler',
      inject: async () => scene.cluster.remove('HorizontalPodAutoscaler', 'backend-services', 'backend-api'),
      active: () => !scene.cluster.get('HorizontalPodAutoscaler', 'backend-services', 'backend-api'),
      clear: async () => {
        scene.cluster.apply(autoscaler({ name: 'backend-api', namespace: 'backend-services' }))
      },
    },
    markFault(
      scene,
      {
        name: 'breakers-stuck-open',
        title: 'Circuit breakers stay open after the cause is gone',
        teaches: 'Breaker state lives in each process: reset it on every pod.',
        cards: ['circuit-breakers'],
        cure: 'Reset the breakers on every pod',
      },
      'backend-api',
      'breakers-stuck',
    ),
    markFault(
      scene,
      {
        name: 'event-consumer-stalled',
        title: 'The orders projection has stopped',
        teaches: 'A stalled consumer falls behind while everything else is well.',
        cards: ['events-cqrs'],
        cure: 'Restart the deployment',
      },
      'backend-api',
      'projection-stalled',
    ),
    markFault(
      scene,
      {
        name: 'log-silence',
        title: 'backend-api has stopped writing logs',
        teaches: 'Silence is a failure, not health.',
        cards: ['logging-and-monitoring'],
        cure: 'Restart the deployment',
      },
      'backend-api',
      'log-silent',
      18_000,
    ),
    markFault(
      scene,
      {
        name: 'metrics-endpoint-broken',
        title: '/metrics answers 500',
        teaches: 'A broken metrics endpoint shows as a target that is down.',
        cards: ['logging-and-monitoring', 'metrics', 'circuit-breakers'],
        cure: 'Restart the deployment',
      },
      'backend-api',
      'metrics-broken',
      4_500,
    ),
  ]
}
