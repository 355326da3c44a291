import 'server-only'
import { goJson, goText, isMap, type Json, keysOf } from './go-values'
import { type PathNode, parseJsonPath, type SliceEnd } from './jsonpath-parse'
import { type Budget, CouldNotPrint } from './limits'

/** A number that was written with a dot in the path: to Go another type than a whole number. */
class Float {
  constructor(readonly value: number) {}
}

type Value = Json | Float

const fault = (what: string) => new CouldNotPrint(`The jsonpath does not fit the object: ${what}.`)

export interface JsonPathOptions {
  /** False: a key that an object does not have is an error, as with --allow-missing-template-keys=false. */
  missingKeys: boolean
}

/**
 * A template of Kubernetes' own kind of JSONPath, after k8s.io/client-go/util/jsonpath/jsonpath.go. Where kubectl
 * walks the keys of a map by chance (`.*`, `..`), they come in alphabetical order here.
 */
export class JsonPath {
  private readonly nodes: PathNode[]

  /** Throws NotPrintable for a template that is none. */
  constructor(
    template: string,
    private readonly options: JsonPathOptions = { missingKeys: true },
  ) {
    this.nodes = parseJsonPath(template)
  }

  /** What each part of the template found, in order. Throws CouldNotPrint for an index that there is not. */
  find(data: Json, budget: Budget): Json[][] {
    return new PathWalk(this.nodes, this.options.missingKeys, budget)
      .find(data, 0)
      .map((values) => values.map((one) => (one instanceof Float ? one.value : one)))
  }

  /** What `-o jsonpath` prints, or with `asJson` `-o jsonpath-as-json`. Throws CouldNotPrint. */
  print(data: Json, budget: Budget, asJson = false): string {
    return this.find(data, budget)
      .map((values) => {
        if (!asJson) return values.map((value) => budget.write(printOne(value))).join(' ')
        // One value may have been found many times over, so each is counted before they are put together.
        for (const value of values) budget.write(goJson(value))
        return `${goJson(values, 4)}\n`
      })
      .join('')
  }
}

function printOne(value: Json): string {
  if (value === null) return 'null'
  return typeof value === 'object' ? goJson(value) : goText(value)
}

/** One walk of a template through one object. The counts of ranges are those of the original, oddities included. */
class PathWalk {
  private beginRange = 0
  private inRange = 0
  private endRange = 0
  private lastEnd = -1

  constructor(
    private readonly nodes: readonly PathNode[],
    private readonly missingKeys: boolean,
    private readonly budget: Budget,
  ) {}

  find(data: Json | undefined, from: number): Value[][] {
    const current: Value[] = data === undefined ? [] : [data]
    const found: Value[][] = []
    for (let i = from; i < this.nodes.length; i++) {
      const results = this.walk(current, this.nodes[i] as PathNode)
      if (this.endRange > 0 && this.endRange <= this.inRange) {
        this.endRange--
        this.lastEnd = i
        break
      }
      if (this.beginRange > 0) {
        this.beginRange--
        this.inRange++
        if (results.length > 0)
          for (const value of results)
            found.push(...this.find(value instanceof Float ? value.value : value, i + 1))
        // With nothing to go through, the end of the range still has to be found.
        else this.find(undefined, i + 1)
        this.inRange--
        if (this.lastEnd > i) i = this.lastEnd
        continue
      }
      found.push(results)
    }
    return found
  }

  private list(values: Value[], nodes: readonly PathNode[]): Value[] {
    return nodes.reduce((current, node) => this.walk(current, node), values)
  }

  private walk(values: Value[], node: PathNode): Value[] {
    this.budget.step(values.length + 1)
    switch (node.type) {
      case 'list':
        return this.list(values, node.nodes)
      case 'text':
        return [node.text]
      case 'number':
        return values.map(() => (node.float ? new Float(node.value) : node.value))
      case 'bool':
        return values.map(() => node.value)
      case 'word':
        return this.word(values, node.word)
      case 'field':
        return this.field(values, node.name)
      case 'array':
        return values.flatMap((value) => (value === null ? [] : slice(value, node.ends)))
      case 'wildcard':
        return values.flatMap((value) => this.children(value))
      case 'recursive':
        return this.descend(values)
      case 'union':
        return node.lists.flatMap((list) => this.list(values, list))
      case 'filter':
        return this.filter(values, node)
    }
  }

  private word(values: Value[], word: 'range' | 'end'): Value[] {
    if (word === 'range') {
      this.beginRange++
      return values
    }
    if (this.inRange === 0) throw fault('it ends a range that it did not begin')
    this.endRange++
    return []
  }

  private field(values: Value[], name: string): Value[] {
    const found = values.flatMap((value) =>
      isMap(value) && Object.hasOwn(value, name) ? [value[name] as Json] : [],
    )
    if (found.length === 0 && values.length > 0 && !this.missingKeys) throw fault(`${name} is not found`)
    return found
  }

  /** The values of a map, the items of an array; of a text its octets. */
  private children(value: Value): Json[] {
    const found =
      typeof value === 'string'
        ? [...Buffer.from(value)]
        : Array.isArray(value)
          ? value
          : isMap(value) && !(value instanceof Float)
            ? keysOf(value).map((key) => value[key] as Json)
            : []
    this.budget.step(found.length)
    return found
  }

  private descend(values: readonly Value[]): Value[] {
    const found: Value[] = []
    const pending = [...values].reverse()
    while (pending.length > 0) {
      const value = pending.pop() as Value
      const children = this.children(value)
      if (children.length === 0) continue
      found.push(value)
      if (typeof value !== 'string') pending.push(...children.reverse())
    }
    return found
  }

  private filter(values: Value[], node: Extract<PathNode, { type: 'filter' }>): Value[] {
    return values.flatMap((value) => {
      if (!Array.isArray(value)) throw fault('what it filters is no array')
      return value.filter((item) => {
        const left = this.list([item], node.left)
        if (node.operator === 'exists') return left.length > 0
        const right = left.length > 0 ? this.list([item], node.right) : []
        if (left.length === 0 || right.length === 0) return false
        if (left.length > 1 || right.length > 1) throw fault('a filter compares one value at a time')
        return compare(left[0] as Value, right[0] as Value, node.operator)
      })
    })
  }
}

function slice(value: Value, [first, last, stride]: [SliceEnd, SliceEnd, SliceEnd]): Json[] {
  if (!Array.isArray(value)) throw fault('what has an index is no array')
  const { length } = value
  let from = first.known ? first.value : 0
  if (from < 0) from += length
  let to = last.known ? last.value : length
  if (to < 0 || (to === 0 && last.derived)) to += length
  if (to === from) return []
  if (from >= length || from < 0) throw fault(`array index out of bounds: index ${from}, length ${length}`)
  if (to > length || to < 0) throw fault(`array index out of bounds: index ${to - 1}, length ${length}`)
  if (from > to) throw fault(`the range [${from}:${to}] ends before it begins`)
  const step = stride.known ? stride.value : 1
  if (step <= 0) throw fault('the step of a range is above 0')
  return value.slice(from, to).filter((_, index) => index % step === 0)
}

function kindOf(value: Value): string {
  if (value instanceof Float) return 'float'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value
  throw fault('a filter compares texts, numbers and true or false')
}

/** Compares as Go's templates do: values of one kind only, and no order of true and false. */
function compare(left: Value, right: Value, operator: string): boolean {
  if (kindOf(left) !== kindOf(right)) throw fault('a filter compares values of different kinds')
  const [a, b] = [left, right].map((one) => (one instanceof Float ? one.value : one)) as [string, string]
  if (operator === '==') return a === b
  if (operator === '!=') return a !== b
  if (typeof a === 'boolean') throw fault('true and false have no order')
  return { '<': a < b, '>': a > b, '<=': a <= b, '>=': a >= b }[operator] === true
}
