/** The sign of Crashcart: a cross on the failing red, the colour of an emergency cart. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 22 22" className="shrink-0">
      <rect width="22" height="22" rx="6" className="fill-fail" />
      <path
        d="M9.2 5.5h3.6v3.7h3.7v3.6h-3.7v3.7H9.2v-3.7H5.5V9.2h3.7z"
        className="fill-none stroke-surface"
        strokeWidth="1.6"
        strokeLinejoin="round"
      />
    </svg>
  )
}
