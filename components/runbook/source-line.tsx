/** A line that is longer is shown by its beginning: it comes from strangers. */
const SHOWN = 2_000

/** The text of a line, whole unless it is very long. */
export function LineText({ text }: { text: string }) {
  const cut = text.length - SHOWN
  if (cut <= 0) return text || ' '
  return (
    <>
      {text.slice(0, SHOWN)}
      <span className="text-third"> … and {cut.toLocaleString('en')} more characters</span>
    </>
  )
}

/** A line of the text with its number beside it. */
export function SourceLine({ line, text }: { line: number; text: string }) {
  return (
    <>
      <span className="shrink-0 select-none text-right text-third">
        <span className="sr-only">Line </span>
        {line}
      </span>
      <code className="min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere]">
        <LineText text={text} />
      </code>
    </>
  )
}
