/** A finding in words, its first clause strong: "0 of 3 pods ready. Readiness gets HTTP 503." */
export function Sentence({ text }: { text: string }) {
  const match = /^(.{4,90}?)([:.;]\s|,\s(?=since\b))/.exec(text)
  if (!match) return <span className="font-medium text-ink">{text}</span>
  const head = `${match[1]}${match[2]}`.trimEnd()
  return (
    <>
      <span className="font-medium text-ink">{head}</span> {text.slice(head.length).trimStart()}
    </>
  )
}
