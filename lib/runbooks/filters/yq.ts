import 'server-only'
import { fromOctets, type Stage, toOctets } from './lines'
import { CouldNotFinish, NotUnderstood, noFiles, readOptions } from './options'
import { isNull, plain, readDocument, truth, unlike, type Value } from './yq-document'
import { type Part, type PathStep, readExpression } from './yq-expression'
import { asJson, asYaml } from './yq-print'

/**
 * yq as mikefarah's version 4 has it, reading only: see `readExpression` for what an expression may say. The output
 * is YAML as it was written (quotes, order), lists set in by two, or JSON with `-o json`. What it prints in ways that
 * are not certain makes the stage throw CouldNotFinish. `argv` begins with the program.
 */
export function readYq(argv: readonly string[]): Stage {
  const { given, operands } = readOptions(argv.slice(1), {
    program: 'yq',
    switches: 'rMN',
    values: 'o',
    long: { unwrapScalar: 'r', 'no-colors': 'M', 'no-doc': 'N', 'output-format': 'o' },
  })
  const format = given.findLast(([letter]) => letter === 'o')?.[1].replace(/^=/, '') ?? 'yaml'
  if (!/^(?:y|yaml|j|json)$/.test(format))
    throw new NotUnderstood(`yq -o ${format.slice(0, 20)} is not understood here.`)
  const words = ['e', 'eval'].includes(operands[0] ?? '') ? operands.slice(1) : operands
  const [expression, ...files] = words[0] === '-' ? ['.', ...words] : words.length === 0 ? ['.'] : words
  noFiles('yq', files)
  const parts = readExpression(expression as string)
  const raw = given.some(([letter]) => letter === 'r')
  return (octets) => {
    const results = parts.reduce(
      (values, part) => values.flatMap((one) => apply(part, one)),
      [readDocument(fromOctets(octets))],
    )
    const json = format.startsWith('j')
    return toOctets(
      results.map((one) => (json && !(raw && one.type === 'text') ? asJson(one) : asYaml(one))).join(''),
    )
  }
}

function apply(part: Part, value: Value): Value[] {
  switch (part.type) {
    case 'path':
      return walk(part.steps, value)
    case 'keys':
      return [keysOf(value)]
    case 'length':
      return [plain(String(lengthOf(value)))]
    case 'select':
      return holds(one(part.path, value), part.test) ? [value] : []
    case 'select-has': {
      const inside = one(part.path, value)
      if (isNull(inside)) return []
      if (inside.type !== 'map') unlike('has of what is no map')
      return inside.pairs.some(([key]) => key.text === part.key) ? [value] : []
    }
  }
}

function walk(steps: readonly PathStep[], value: Value): Value[] {
  return steps.reduce<Value[]>((values, step) => values.flatMap((each) => into(step, each)), [value])
}

function into(step: PathStep, value: Value): Value[] {
  // Nothing is in a text; in what is not there, there is nothing either, but for the list of it.
  if (isNull(value)) return 'all' in step ? [] : [plain('null')]
  if (value.type === 'text') return []
  if ('all' in step) return value.type === 'map' ? value.pairs.map(([, each]) => each) : value.items
  if ('key' in step) {
    if (value.type !== 'map')
      throw new CouldNotFinish(`yq says: cannot index array with '${step.key.slice(0, 40)}'.`)
    return [value.pairs.find(([key]) => key.text === step.key)?.[1] ?? plain('null')]
  }
  if (value.type !== 'list') unlike('a place in what is no list')
  if (step.index < -value.items.length)
    throw new CouldNotFinish(`yq says: index [${step.index}] is out of range.`)
  return [value.items.at(step.index) ?? plain('null')]
}

/** The one value at a path without `[]`. */
function one(path: readonly PathStep[], value: Value): Value {
  return walk(path, value)[0] ?? unlike('a condition about what is inside a text')
}

function holds(value: Value, test: { is: '==' | '!='; value: string; null: boolean } | undefined): boolean {
  if (!test) return !isNull(value) && truth(value) !== false
  if (value.type !== 'text') unlike('a comparison with what is no single value')
  // yq compares what is written.
  const same = isNull(value) ? test.null : value.text === test.value
  return same === (test.is === '==')
}

function keysOf(value: Value): Value {
  if (value.type === 'map') return { type: 'list', flow: false, items: value.pairs.map(([key]) => key) }
  if (value.type === 'list')
    return { type: 'list', flow: false, items: value.items.map((_, at) => plain(String(at))) }
  throw new CouldNotFinish('yq says: keys only works for maps and arrays.')
}

function lengthOf(value: Value): number {
  if (isNull(value)) return 0
  if (value.type === 'map') return value.pairs.length
  if (value.type === 'list') return value.items.length
  return /^[\x20-\x7e\n\t]*$/.test(value.text) ? value.text.length : unlike('the length of such a text')
}
