import {
  CircleAlert,
  Info,
  ListChecks,
  Lock,
  TriangleAlert,
  Undo2,
  UserRound,
  UsersRound,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from '@/components/ui/classes'
import type { Plan } from '@/lib/operations/types'

const LEVEL = {
  danger: { icon: CircleAlert, color: 'text-fail', spoken: 'Danger: ' },
  warn: { icon: TriangleAlert, color: 'text-warn', spoken: 'Warning: ' },
  info: { icon: Info, color: 'text-third', spoken: '' },
} as const

const ORDER = ['danger', 'warn', 'info'] as const

function Point({ icon, children, quiet }: { icon: ReactNode; children: ReactNode; quiet?: boolean }) {
  return (
    <li className="flex gap-2.5">
      <span className="mt-0.5 shrink-0">{icon}</span>
      <span className={classes('min-w-0 break-words', quiet && 'text-second')}>{children}</span>
    </li>
  )
}

/** What to weigh before pressing: dangers first, then undo, who may, and how it will be verified. */
export function PlanWarnings({
  plan,
  needsApproval,
  who,
  cures,
}: {
  plan: Plan
  needsApproval: boolean
  /** "Responders and above may press it." */
  who?: string
  /** Checks that verify it; left out where they are not known. */
  cures?: { stepId: string; title: string }[]
}) {
  const warnings = ORDER.flatMap((level) => plan.warnings.filter((warning) => warning.level === level))
  return (
    <ul className="space-y-1.5">
      {warnings.map((warning, index) => {
        const { icon: Icon, color, spoken } = LEVEL[warning.level]
        return (
          <Point
            // biome-ignore lint/suspicious/noArrayIndexKey: a plan's warnings never move
            key={index}
            icon={<Icon aria-hidden size={16} className={color} />}
          >
            {spoken ? <span className="sr-only">{spoken}</span> : null}
            {warning.text}
          </Point>
        )
      })}
      <Point
        quiet
        icon={
          plan.undo.possible ? (
            <Undo2 aria-hidden size={16} className="text-pass" />
          ) : (
            <Lock aria-hidden size={16} className="text-warn" />
          )
        }
      >
        {plan.undo.possible ? null : <span className="font-medium text-ink">Cannot be undone. </span>}
        {plan.undo.text}
      </Point>
      {needsApproval ? (
        <Point icon={<UsersRound aria-hidden size={16} className="text-warn" />}>
          High risk: a second person has to approve exactly this plan. Nothing is sent before.
        </Point>
      ) : null}
      {who ? (
        <Point quiet icon={<UserRound aria-hidden size={16} className="text-third" />}>
          {who}
        </Point>
      ) : null}
      {cures ? (
        <Point quiet icon={<ListChecks aria-hidden size={16} className="text-third" />}>
          {cures.length > 0
            ? `Verified by ${cures.map((cure) => `“${cure.title}”`).join(', ')}.`
            : 'No check verifies it: look at the card afterwards.'}
        </Point>
      ) : null}
    </ul>
  )
}
