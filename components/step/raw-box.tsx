/** Text as it came. Scrolls by itself. */
export function RawBox({ label, text }: { label: string; text: string }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; a section would be one landmark for each text
    <div
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      className="max-h-80 overflow-auto rounded-lg border border-line bg-sunken"
    >
      <pre className="w-max min-w-full p-3 text-[12px] leading-5">{text || 'Empty.'}</pre>
    </div>
  )
}
