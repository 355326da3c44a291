import 'server-only'
import { stringify } from 'yaml'
import { z } from 'zod'
import { grepOf, kubectl, resource } from '@/lib/operations/commands'
import type { Check } from '@/lib/operations/types'
import { RESOURCE } from '@/lib/targets/resource-types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { CONFIG_RULES, judgeConfig } from '@/lib/verdicts/config'
import { count } from '@/lib/verdicts/durations'

const rule = z.enum(CONFIG_RULES)
const params = z.object({
  namespace: z.string(),
  name: z.string(),
  focus: z.string().optional(),
  rule: rule.optional(),
})

function ruleFor(said: string, called: string): z.infer<typeof rule> | undefined {
  const words: [RegExp, z.infer<typeof rule>][] = [
    [/\bcors\b/, 'cors'],
    [/\bcache\b.*\b(ttl|lifetime)\b|\b(ttl|lifetime)\b.*\bcache\b/, 'cache-ttl'],
    [/\btokens?\b|\bttl\b|\blifetimes?\b/, 'ttl'],
    [/\brates?\b|\bratelimit/, 'rate-limit'],
    [/\bplugins?\b/, 'plugins'],
    [/\bbreakers?\b|\bthresholds?\b/, 'breaker'],
    [/\bpools?\b/, 'pool'],
    [/\blog(s|ging)?\b/, 'logging'],
  ]
  // Whole words, also of `DB_POOL_SIZE` and `rateLimit`: ca-ttl-e is about no lifetime.
  const [title, name] = [said, called].map((text) =>
    text
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .replace(/[_.-]/g, ' ')
      .toLowerCase(),
  )
  return words.find(([pattern]) => pattern.test(title ?? '') || pattern.test(name ?? ''))?.[1]
}

/** A ConfigMap, parsed, judged by the rule that the step is about. */
export const configmap: Check<z.infer<typeof params>> = {
  id: 'kubernetes.configmap',
  title: 'Look at settings',
  effect: 'read',
  params,
  starts: ['kubectl get'],
  recognise(commands, hints) {
    const command = kubectl(commands, 'get')
    const name = command ? resource(command, 'ConfigMap')?.name : undefined
    // What stands outside `data` is no setting.
    if (!command || !name || /metadata|status/.test(command.output ?? '')) return undefined
    const grep = grepOf(command.filters)
    if (command.filters.length > 0 && !grep) return undefined
    const byAttribute = rule.safeParse(hints.attributes.rule)
    const found = byAttribute.success
      ? byAttribute.data
      : ruleFor(grep ? grep.pattern : hints.stepTitle, name)
    return {
      namespace: command.namespace ?? 'default',
      name,
      ...(grep ? { focus: grep.pattern } : {}),
      ...(found ? { rule: found } : {}),
    }
  },
  kubectl: (p) =>
    `kubectl get configmap ${p.name} -n ${p.namespace} -o yaml${p.focus ? ` | grep -A 10 ${p.focus}` : ''}`,
  async run({ cluster }, p) {
    const found = await cluster.get(RESOURCE.ConfigMap, p.name, p.namespace)
    if (!found.ok) {
      if (found.error.code !== 'not_found') return couldNotLook(found.error)
      return conclude({
        findings: [
          {
            severity: 'fail',
            code: 'config.missing',
            title: `The ConfigMap ${p.name} does not exist in ${p.namespace}`,
            evidence: [],
            remedies: [],
          },
        ],
        healthy: '',
      })
    }
    const data: Record<string, string> = found.value.data ?? {}
    const judged = judgeConfig(data, p.rule, p.name)
    return conclude({
      findings: judged.findings,
      healthy: judged.healthy ?? count(Object.keys(data).length, 'setting'),
      ...(judged.figure ? { figure: judged.figure } : {}),
      views: [{ type: 'facts', items: judged.facts }],
      raw: [{ label: 'Data', text: stringify(data), truncatedBytes: 0 }],
    })
  },
}
