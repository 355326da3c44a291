import type { Scene } from '../scene'
import { type FaultRecipe, hangFault, markFault } from './recipe'

/** Faults around the service: gateway, messaging, monitoring, downstream services. */
export function platformFaults(scene: Scene): FaultRecipe[] {
  return [
    hangFault(
      scene,
      {
        name: 'kafka-broker-down',
        title: 'One Kafka broker does not answer',
        teaches: 'Under-replicated partitions still serve; one more failure and they stop.',
        cards: ['events-cqrs', 'circuit-breakers'],
        cure: 'Restart Kafka',
      },
      { namespace: 'messaging', app: 'kafka', only: 1 },
    ),
    hangFault(
      scene,
      {
        name: 'inference-down',
        title: 'The inference gateway does not answer',
        teaches: 'A breaker that opens is doing its work: cure what is behind it.',
        cards: ['circuit-breakers'],
        cure: 'Restart the inference gateway',
      },
      { namespace: 'ai-services', app: 'inference-gateway' },
    ),
    hangFault(
      scene,
      {
        name: 'kong-down',
        title: 'Kong does not answer',
        teaches: 'The service is well, and nobody reaches it.',
        cards: ['api-gateway'],
        cure: 'Restart Kong',
      },
      { namespace: 'api-gateway', app: 'kong' },
    ),
    markFault(
      scene,
      {
        name: 'kong-config-stale',
        title: 'Kong lost its configuration',
        teaches: 'A gateway without routes answers 404 to everything.',
        cards: ['api-gateway'],
        cure: 'Reload Kong',
      },
      'kong',
      'kong-stale',
    ),
    hangFault(
      scene,
      {
        name: 'fluentd-down',
        title: 'fluentd hangs on every node',
        teaches: 'Logs that are not forwarded are missing when they are needed.',
        cards: ['logging-and-monitoring'],
        cure: 'Restart the log agents',
      },
      { namespace: 'observability', app: 'fluentd' },
    ),
    markFault(
      scene,
      {
        name: 'prometheus-wedged',
        title: 'Prometheus cannot scrape',
        teaches: 'All targets down at once points at the scraper.',
        cards: ['logging-and-monitoring', 'metrics'],
        cure: 'Restart Prometheus',
      },
      'prometheus',
      'scrape-wedged',
    ),
  ]
}
