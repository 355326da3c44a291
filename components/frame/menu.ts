/** Class names of a menu that floats. */
export const MENU =
  'z-50 min-w-56 max-w-[min(360px,calc(100vw-24px))] rounded-xl border border-line bg-surface p-1.5 shadow-float'

/** Class names of one of its items. */
export const MENU_ITEM =
  'flex min-h-9 cursor-pointer select-none items-center gap-2.5 rounded-lg px-2.5 py-1.5 outline-none data-[highlighted]:bg-accent-ground max-md:min-h-11'
