import { describe, expect, it } from 'vitest'
import { CATALOGUE } from '../operations/catalogue'
import { compileWithin } from './bounded'
import { previewOf } from './preview'
import { checkFileName, readText } from './upload'

const SHOP = `---
id: shop
title: Shop
placeholders:
  size: { label: Pods, type: integer, default: 3, min: 1, max: 9 }
---
# Shop

## Issues

### Pods {#pods}

Pods that are not well.

\`\`\`bash
# Look at pods
kubectl get pods -n shop

# Roll back
helm rollback web

# Pods in the pool
kubectl patch configmap backend-api-config -n backend-services --type merge -p '{"data":{"DB_POOL_SIZE":"<size>"}}'
kubectl rollout restart deployment/backend-api -n backend-services
\`\`\`
`

function preview(text: string, before?: string, file = 'shop.md') {
  const compile = (one: string) => {
    const done = compileWithin({ text: one, file: `installed/${file}`, catalogue: CATALOGUE }, 2_000)
    if (!done.ok) throw new Error(done.error.message)
    return done.value
  }
  return previewOf({
    text,
    file,
    compiled: compile(text),
    ...(before === undefined
      ? {}
      : { base: { text: before, runbook: compile(before).runbook, name: 'what is on the board now' } }),
  })
}

describe('a preview', () => {
  it('gives each command line its number, its outcome and its reason', () => {
    const { cards, summary, inputs, obstacles, notes } = preview(SHOP)
    expect(
      cards[0]?.steps.map((step) => [
        step.outcome,
        step.operation?.id,
        step.lines.map((line) => [line.line, line.text]),
      ]),
    ).toEqual([
      ['check', 'kubernetes.pods', [[17, 'kubectl get pods -n shop']]],
      ['manual', undefined, [[20, 'helm rollback web']]],
      [
        'fix',
        'kubernetes.edit-configmap',
        [
          [23, expect.stringContaining('<size>')],
          [24, expect.stringContaining('restart')],
        ],
      ],
    ])
    expect(cards[0]?.steps[1]?.reason).toMatch(/^helm manages packages/)
    expect(summary).toMatchObject({ commandLines: 4, typed: 3, manual: 1, checks: 1, fixes: 1 })
    expect(inputs).toMatchObject([{ label: 'Pods', type: 'integer', where: ['Pods'] }])
    expect([obstacles, notes]).toEqual([[], []])
  })

  it('tells lines with the same words apart', () => {
    const text = '### A\n```bash\n# One\nkubectl get pods\n# Two\nkubectl get pods\n```\n'
    expect(preview(text).cards[0]?.steps.map((step) => step.lines[0]?.line)).toEqual([4, 6])
  })

  it('shows lines that become no step where they stand, with what they mean', () => {
    const text = [
      '### A',
      '```bash',
      '# One',
      'kubectl get pods',
      '# Choose',
      'oc project shop',
      '# Name it',
      'NS=web',
      'kubectl get pods -n $NS',
      '```',
      '### B',
      '```bash',
      'kubectl get nodes',
      '```',
    ].join('\n')
    const { cards, summary } = preview(text)
    expect(
      cards.map(({ steps }) => steps.map(({ outcome, line, reason }) => [outcome, line, reason])),
    ).toEqual([
      [
        ['check', 4, undefined],
        ['understood', 6, 'The lines after it mean the namespace shop.'],
        ['understood', 8, 'The lines after it use NS=web.'],
        ['check', 9, undefined],
      ],
      [['check', 13, undefined]],
    ])
    expect(cards.flatMap(({ steps }) => steps.flatMap(({ lines }) => lines))).toHaveLength(
      summary.commandLines,
    )
  })

  it('says what changes, and not that lines moved', () => {
    const after = SHOP.replace('# Shop\n', '# Shop\n\nMore words above.\n')
    expect(preview(after, SHOP).comparison).toMatchObject({ cards: [], unchanged: 1, added: 2, removed: 0 })
    const other = SHOP.replace('helm rollback web', 'kubectl get nodes').replace('### Pods', '### All pods')
    expect(preview(other, SHOP).comparison?.cards).toEqual([
      { id: 'pods', title: 'All pods', change: 'changed', says: 'was called Pods, 1 step changed' },
    ])
    const moved = SHOP.replace('{#pods}', '{#others}')
    expect(preview(moved, SHOP).comparison?.cards.map(({ id, change }) => [id, change])).toEqual([
      ['others', 'added'],
      ['pods', 'removed'],
    ])
    expect(preview(SHOP, SHOP)).toMatchObject({
      comparison: { same: true, lines: [] },
      obstacles: ['It is the same text, so there is nothing to install.'],
    })
  })

  it('says why a text cannot be installed', () => {
    expect(preview('Just words.').obstacles[0]).toMatch(/no card/)
    expect(preview(SHOP.replace('id: shop', 'id: ../x')).obstacles[0]).toMatch(/“\.\.\/x”/)
    expect(preview(SHOP.replace('-n shop', '-n \u202eshop')).obstacles[0]).toMatch(/^Line 17: invisible/)
    expect(preview(SHOP.replace('title: Shop', 'title: [Shop')).notes.join()).toMatch(/front matter/)
    expect(preview(SHOP.replace('helm rollback web', 'mysql --password hunter2')).notes[0]).toMatch(
      /^Line 20: .*password/,
    )
  })
})

describe('the limit on time', () => {
  it('ends a compilation that takes longer', () => {
    const slow = {
      file: 'a.md',
      text: SHOP,
      catalogue: [{ ...CATALOGUE[0], starts: undefined, recognise: () => forEver() }] as never,
    }
    expect(compileWithin(slow, 100)).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
  })

  it('is kept by a mebibyte of anything', () => {
    const began = Date.now()
    for (const line of [
      'kubectl get pods\n',
      '# a\nhelm x\n',
      '| x ',
      '### A\n```\nls\n```\n',
      '> '.repeat(20),
    ]) {
      const text = `### A\n\`\`\`bash\n${line.repeat((1 << 20) / line.length - 8)}`
      const done = compileWithin({ text, file: 'a.md', catalogue: CATALOGUE }, 2_000)
      if (done.ok)
        previewOf({
          text,
          file: 'a.md',
          compiled: done.value,
          base: { text: SHOP, runbook: done.value.runbook, name: '' },
        })
    }
    expect(Date.now() - began).toBeLessThan(20_000)
  })
})

function forEver(): never {
  for (;;);
}

describe('an upload', () => {
  it('is UTF-8 text of at most 1 MiB under a harmless name', async () => {
    const said = async (bytes: BlobPart) => {
      const read = await readText(new Blob([bytes]))
      return read.ok ? read.value : read.error.message
    }
    expect(await said('# Grüße\r\n')).toBe('# Grüße\r\n')
    expect(await said(new Uint8Array([0x23, 0xff, 0xfe]))).toMatch(/UTF-8/)
    expect(await said('a\0b')).toMatch(/zero bytes/)
    expect(await said(' \n')).toMatch(/empty/)
    expect(await said('x'.repeat((1 << 20) + 1))).toMatch(/at most 1 MiB/)
    expect(checkFileName(' shop v2.md ')).toEqual({ ok: true, value: 'shop v2.md' })
    for (const name of ['', '../shop.md', 'shop.exe', 'a\u202eb.md', '-x.md', '<b>.md', 'x'.repeat(200)])
      expect(checkFileName(name).ok, name).toBe(false)
  })
})
