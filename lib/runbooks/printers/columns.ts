import 'server-only'
import { goText, type Json } from './go-values'
import { JsonPath } from './jsonpath'
import { type Budget, MAX_TEMPLATE, NotPrintable } from './limits'
import { alignColumns, escapeCell } from './tabwriter'

interface Column {
  heading: string
  path: JsonPath
}

/**
 * A path as custom columns and --sort-by take it, braces and the first dot being optional: after
 * RelaxedJSONPathExpression in k8s.io/kubectl/pkg/cmd/get/customcolumn.go. Throws NotPrintable for another form.
 */
export function relaxedPath(written: string): string {
  if (written === '') return ''
  const [, braced, bare] = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(written) ?? []
  const path = braced ?? bare
  if (path === undefined)
    throw new NotPrintable(`"${written.slice(0, 40)}" is no path such as .metadata.name or {.metadata.name}.`)
  return `{.${path}}`
}

/** `-o custom-columns=NAME:.metadata.name,…`; `withHeadings` is false for --no-headers. */
export class CustomColumns {
  private readonly columns: Column[]

  /** Throws NotPrintable for a column without a heading or with a path that is none. */
  constructor(
    spec: string,
    private readonly withHeadings: boolean,
  ) {
    if (spec === '') throw new NotPrintable('custom-columns names no columns.')
    if (spec.length > MAX_TEMPLATE)
      throw new NotPrintable(`custom-columns has more than ${MAX_TEMPLATE} characters.`)
    this.columns = spec.split(',').map((part) => {
      const colon = part.indexOf(':')
      if (colon < 0)
        throw new NotPrintable(
          `custom-columns takes HEADING:PATH for each column, not "${part.slice(0, 40)}".`,
        )
      return { heading: part.slice(0, colon), path: new JsonPath(relaxedPath(part.slice(colon + 1))) }
    })
  }

  /** The table. Throws CouldNotPrint where a path does not fit an object. */
  print(objects: readonly Json[], budget: Budget): string {
    const rows = objects.map((object) =>
      this.columns.map(({ path }) => cell(path.find(object, budget), budget)),
    )
    const headings = this.withHeadings ? [this.columns.map(({ heading }) => heading)] : []
    return alignColumns([...headings, ...rows], budget)
  }
}

function cell(found: readonly Json[][], budget: Budget): string {
  const values = found.flat().map((value) => escapeCell(budget.write(goText(value))))
  return [...((found[0]?.length ?? 0) === 0 ? ['<none>'] : []), ...values].join(',')
}
