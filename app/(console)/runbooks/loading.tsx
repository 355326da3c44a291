/** While a page of the console loads. Shapes only after a moment, so that quick pages do not flicker. */
export default function Loading() {
  return (
    <div role="status" className="animate-pulse [animation-duration:1.6s]">
      <span className="sr-only">Loading</span>
      <div className="h-7 w-40 rounded-lg bg-line" />
      <div className="mt-3 h-4 w-72 max-w-full rounded bg-line" />
      <div className="mt-8 h-48 rounded-[10px] border border-line bg-surface" />
    </div>
  )
}
