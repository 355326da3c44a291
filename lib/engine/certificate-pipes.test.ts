import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type PracticeAtHand, practiceAtHand } from '../../sandbox/world/testing'
import { log } from '../core/log'
import { OVER, VALID } from '../runbooks/filters/x509-testing'
import { install } from '../runbooks/store'
import { latestResults } from './results'
import { startSweep } from './sweep'
import { type EngineAtHand, engineAtHand, must, person } from './testing'

const base64 = (text: string) => Buffer.from(text).toString('base64')
/** What must be nowhere: parts of a key, a password, a comment beside a certificate. */
const KEY = `-----BEGIN ${'PRIVATE'} KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(6)}\n-----END ${'PRIVATE'} KEY-----\n`
const PASSWORD = 'correct-horse-battery'
const COMMENT = 'staple-of-the-vault'
const VALUES: Record<string, string> = {
  'tls.crt': base64(VALID),
  'old.crt': base64(OVER),
  'tls.key': base64(KEY),
  'both.pem': base64(KEY + VALID),
  'noted.crt': base64(`# ${COMMENT}\n${VALID}`),
  password: base64(PASSWORD),
}
const HIDDEN = [
  PASSWORD,
  COMMENT,
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC',
  ...Object.values(VALUES),
  // The certificates themselves in what is shown: only what openssl says of them.
  VALID.split('\n')[2] as string,
]

const pipe = (key: string, words: string) =>
  `kubectl get secret shop-tls -n cms -o jsonpath='{.data.${key.replace('.', '\\.')}}' | base64 -d | openssl x509 ${words}`
const STEPS = {
  'The end': pipe('tls.crt', '-noout -enddate -subject'),
  'By way of jq': `kubectl get secret shop-tls -n cms -o json | jq -r '.data["tls.crt"]' | base64 -d | openssl x509 -noout -serial | cut -d= -f2`,
  'The old one': pipe('old.crt', '-noout -dates'),
  'Long before': pipe('tls.crt', '-noout -checkend 3000000000'),
  'The key': pipe('tls.key', '-noout -text'),
  'A key and more': pipe('both.pem', '-noout -text'),
  'A comment': pipe('noted.crt', '-noout -subject'),
  'Not there': pipe('none.crt', '-noout -subject'),
  'No option': `kubectl get secret shop-tls -n cms -o yaml | openssl x509 -noout -subject`,
  'Without openssl': `kubectl get secret shop-tls -n cms -o jsonpath='{.data.tls\\.crt}' | head -c 40`,
} as const
const TEXT = `# TLS

### Certificates {#certificates}

\`\`\`bash
${Object.entries(STEPS)
  .map(([title, line]) => `# ${title}\n${line}\n`)
  .join('\n')}
\`\`\`
`

let at: PracticeAtHand
let engine: EngineAtHand
const said: unknown[] = []
beforeAll(async () => {
  for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const)
    vi.spyOn(log, level).mockImplementation((...given: unknown[]) => said.push(given))
  at = await practiceAtHand()
  engine = await engineAtHand(at.sandbox)
  at.cluster.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: {
      name: 'shop-tls',
      namespace: 'cms',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data: VALUES }) },
    },
    data: VALUES,
  })
  const facts = { runbookId: 'tls', title: 'TLS', file: 'tls.md', text: TEXT }
  must(await install(person('admin'), { ...facts, cards: 1, lines: 10, typed: 10, instead: undefined }))
  const sweep = must(await startSweep(person('viewer'), { cardId: 'tls-certificates' }))
  await sweep.done
}, 120_000)
afterAll(async () => {
  await engine?.stop()
  await at?.sandbox.stop()
})

async function resultOf(title: keyof typeof STEPS) {
  const id = `tls-certificates/${title.toLowerCase().replaceAll(' ', '-')}`
  const found = (await latestResults()).find((one) => one.stepId === id)
  if (!found) throw new Error(`no result of ${id}`)
  return found.result
}

describe('a certificate in a Secret', () => {
  it('is read by openssl x509, whose output is all that is kept', async () => {
    const result = await resultOf('The end')
    expect(result.raw.map(({ text }) => text)).toEqual([
      'notAfter=Jan  1 00:00:00 2074 GMT\nsubject=O = "Shop, Ltd", CN = shop.example.com\n',
    ])
    expect(result.verdict).toBe('pass')
    expect(result.summary).toMatch(
      /^The certificate of O="Shop, Ltd", CN=shop\.example\.com ends in \d+ days, on 2074-01-01$/,
    )
    expect((await resultOf('By way of jq')).raw.map(({ text }) => text)).toEqual(['0102030405060708090A\n'])
  })

  it('fails the check when it is over, and warns when it ends within what the line asks for', async () => {
    const over = await resultOf('The old one')
    expect([over.verdict, over.summary]).toEqual([
      'fail',
      expect.stringMatching(
        /^The certificate of O="Shop, Ltd", CN=shop\.example\.com ended \d+ days ago, on 2025-01-01$/,
      ),
    ])
    expect((await resultOf('Long before')).verdict).toBe('warn')
  })

  it('is not read where the value holds anything else, and says so', async () => {
    for (const title of ['The key', 'A key and more', 'A comment', 'No option'] as const) {
      const { verdict, summary, raw } = await resultOf(title)
      expect([title, verdict, summary]).toEqual([
        title,
        'unknown',
        'Could not look: of a secret, only values that are certificates and nothing else are read, and this one is not.',
      ])
      expect(raw).toHaveLength(1)
    }
    expect((await resultOf('Not there')).summary).toBe(
      'Could not look: openssl x509 finds no certificate in its input.',
    )
  })

  it('is not read for any other pipe', async () => {
    expect((await resultOf('Without openssl')).raw[0]?.text).toBe('(not shown)')
  })

  it('leaves nothing of the secret in a row, an event or the log', async () => {
    expect(await engine.rowsWith('ended')).not.toEqual([])
    for (const part of HIDDEN) {
      expect(await engine.rowsWith(part), part).toEqual([])
      expect(JSON.stringify(engine.events), part).not.toContain(part)
      expect(JSON.stringify(said), part).not.toContain(part)
    }
  })
})
