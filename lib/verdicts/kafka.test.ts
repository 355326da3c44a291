import { describe, expect, it } from 'vitest'
import { judgeGroups, judgeTopics, parseGroups, parseTopics } from './kafka'

const line = (topic: string, partition: number, leader: string, replicas: string, isr: string) =>
  `\tTopic: ${topic}\tPartition: ${partition}\tLeader: ${leader}\tReplicas: ${replicas}\tIsr: ${isr}`

describe('topics', () => {
  const HEAD = 'Topic: orders\tTopicId: abc\tPartitionCount: 2\tReplicationFactor: 3\tConfigs: retention.ms=1'

  it('in sync are well', () => {
    const partitions = parseTopics(
      [HEAD, line('orders', 0, '0', '0,1,2', '0,1,2'), line('orders', 1, '1', '1,2,0', '2,0,1')].join('\n'),
    )
    expect(partitions).toHaveLength(2)
    expect(judgeTopics(partitions)).toMatchObject({
      findings: [],
      healthy: '1 topic, 2 partitions, all in sync',
    })
  })

  it('name the broker that is missing', () => {
    const { findings } = judgeTopics(
      parseTopics([line('orders', 0, '0', '0,1,2', '0,1'), line('carts', 0, '1', '1,2', '1')].join('\n')),
    )
    expect(findings).toMatchObject([
      {
        severity: 'fail',
        code: 'kafka.under-replicated',
        title: '2 of 2 partitions are under-replicated: broker 2 is missing',
        evidence: ['orders-0: replicas 0,1,2, in sync 0,1', 'carts-0: replicas 1,2, in sync 1'],
      },
    ])
  })

  it('without a leader are offline, and not counted twice', () => {
    const { findings } = judgeTopics(parseTopics(line('orders', 0, 'none', '0,1', '')))
    expect(findings.map((one) => one.title)).toEqual(['1 partition of 1 has no leader'])
  })

  it('that are not there are told', () => {
    expect(judgeTopics(parseTopics('')).findings).toMatchObject([
      { severity: 'warn', code: 'kafka.no-topics' },
    ])
  })
})

describe('consumer groups', () => {
  const text = (lag: number, member = 'consumer-1') =>
    [
      'GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG CONSUMER-ID HOST CLIENT-ID',
      `billing orders 0 100 ${100 + lag} ${lag} ${member} /10.0.0.1 c`,
      `billing orders 1 100 100 0 ${member} /10.0.0.1 c`,
      '',
    ].join('\n')

  it('are summed over partitions', () => {
    expect(parseGroups(text(7))).toEqual([
      { group: 'billing', topic: 'orders', lag: 7, partitions: 2, unassigned: 0 },
    ])
  })

  it('are well when little is left, and fail when much is', () => {
    expect(judgeGroups(parseGroups(text(499)))).toMatchObject({ findings: [], figure: 'lag 499' })
    expect(judgeGroups(parseGroups(text(500))).findings[0]?.severity).toBe('warn')
    const [finding] = judgeGroups(parseGroups(text(12_000, '-'))).findings
    expect(finding).toMatchObject({
      severity: 'fail',
      code: 'kafka.lag',
      title: 'billing is 12,000 events behind on orders',
      evidence: ['2 partitions, 2 without a consumer'],
    })
  })

  it('that have committed nothing are behind by everything', () => {
    expect(parseGroups('billing orders 0 - 900 - - - -')[0]).toMatchObject({ lag: 900, unassigned: 1 })
  })

  it('that are not known are told', () => {
    expect(judgeGroups([]).findings[0]?.code).toBe('kafka.no-groups')
  })
})
