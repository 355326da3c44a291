import 'server-only'
import { appError } from '../core/errors'
import { err, ok, type Result } from '../core/result'
import { printedText } from '../runbooks/filters/printed'
import type { BoundStep, Runbook } from '../runbooks/types'
import { couldNotLook } from '../verdicts/conclude'
import type { CheckResult } from '../verdicts/types'

/** Looks at one check with the values that its captured parameters have. */
type Look = (step: BoundStep, captured: Record<string, string>) => Promise<CheckResult>

/**
 * Values that steps take from what earlier steps of their card print. Each step is looked at once, however many take
 * their values from it.
 */
export class Captures {
  private readonly results = new Map<string, Promise<CheckResult>>()

  constructor(
    private readonly runbook: Runbook,
    private readonly look: Look,
  ) {}

  /** What a check finds, once the steps that it takes values from were looked at. */
  resultOf(step: BoundStep): Promise<CheckResult> {
    const known = this.results.get(step.id)
    if (known) return known
    const result = this.valuesFor(step).then((values) =>
      values.ok ? this.look(step, values.value) : couldNotLook(values.error),
    )
    this.results.set(step.id, result)
    return result
  }

  /** The captured parameters of a step by name. Errors: what kept an earlier step from being looked at. */
  async valuesFor(step: BoundStep): Promise<Result<Record<string, string>>> {
    const values: Record<string, string> = {}
    for (const { name, provenance } of step.parameters ?? []) {
      if (provenance.kind !== 'captured') continue
      const source = this.sourceOf(step, name, provenance.line)
      if (!source)
        return err(
          appError('invalid_input', `there is no step on line ${provenance.line} that gives ${name}`),
        )
      const value = captured(await this.resultOf(source), source)
      // A person may still fill it in; without that, fillParams says what is missing.
      if (value !== undefined) values[name] = value
    }
    return ok(values)
  }

  /** The last step before this one that gives it the value: steps only ever take from earlier ones. */
  private sourceOf(step: BoundStep, name: string, line: number): BoundStep | undefined {
    const steps = this.runbook.cards.find((one) => one.id === step.cardId)?.steps ?? []
    const before = steps.slice(
      0,
      steps.findIndex((one) => one.id === step.id),
    )
    return before.findLast(
      (one): one is BoundStep => one.kind === 'check' && one.feeds === name && one.source.line === line,
    )
  }
}

/** What a step printed, for a parameter to hold; undefined when it printed nothing whole. */
function captured(result: CheckResult, step: BoundStep): string | undefined {
  if (step.filters?.length) {
    const [first] = result.raw
    // The text of the filters stands first; it is absent when the check could not look.
    return first &&
      /^\| /.test(first.label) &&
      first.truncatedBytes === 0 &&
      !first.text.startsWith('Not filtered:')
      ? first.text
      : undefined
  }
  const printed = printedText(result)
  return 'text' in printed && !printed.cutShort && printed.text !== '' ? printed.text : undefined
}
