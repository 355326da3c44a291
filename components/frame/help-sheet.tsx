'use client'
import { Dialog } from '@/components/ui/dialog'
import { SHORTCUTS } from './shortcuts'

/** The list of keyboard shortcuts. */
export function HelpSheet({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts">
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-2.5 p-4">
        {SHORTCUTS.map(({ keys, does }) => (
          <div key={keys.join('')} className="contents">
            <dt className="flex gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="inline-flex h-6 min-w-6 items-center justify-center rounded border border-line-strong bg-sunken px-1.5 text-[12px]"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd className="text-second">{does}</dd>
          </div>
        ))}
      </dl>
      <p className="border-t px-4 py-3 text-meta text-third">
        ⌘ is Ctrl on other keyboards. Shortcuts rest while you type.
      </p>
    </Dialog>
  )
}
