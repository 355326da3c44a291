'use client'
import { useTheme } from 'next-themes'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { View } from '@/lib/verdicts/types'

const COLOURS = ['--accent', '--warn', '--pass', '--unknown', '--fail', '--third']
const HEIGHT = 160
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })

/** uPlot wants one list of times and, for each series, a value or a gap at each of them. */
function columns(view: Extract<View, { type: 'series' }>): uPlot.AlignedData {
  const times = [...new Set(view.series.flatMap((one) => one.points.map(([at]) => at)))].sort((a, b) => a - b)
  const values = view.series.map((one) => {
    const at = new Map(one.points)
    return times.map((time) => at.get(time) ?? null)
  })
  return [times, ...values]
}

function latest(view: Extract<View, { type: 'series' }>): string {
  return view.series
    .map(
      (one) =>
        `${one.name} ${one.points.findLast(([, value]) => value !== null)?.[1] ?? 'no value'} ${view.unit}`,
    )
    .join(', ')
}

/** Values over time. */
export default function SeriesView({ view }: { view: Extract<View, { type: 'series' }> }) {
  const box = useRef<HTMLDivElement>(null)
  const { resolvedTheme } = useTheme()

  // The theme is not read in here, but its colours are: a change of theme draws again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const element = box.current
    if (!element) return
    const style = getComputedStyle(document.documentElement)
    const colour = (name: string) => style.getPropertyValue(name).trim()
    const axis: uPlot.Axis = {
      stroke: colour('--third'),
      font: '11.5px Inter Variable, sans-serif',
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    }
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        legend: { show: view.series.length > 1 },
        cursor: { drag: { x: false, y: false } },
        axes: [
          {
            ...axis,
            size: 28,
            space: 72,
            values: (_plot, times) => times.map((time) => CLOCK.format(new Date(time * 1_000))),
          },
          { ...axis, size: 52 },
        ],
        series: [
          { label: 'Time', value: (_plot, time) => (time ? CLOCK.format(new Date(time * 1_000)) : '') },
          ...view.series.map((one, index) => ({
            label: one.name,
            stroke: colour(COLOURS[index % COLOURS.length] ?? '--accent'),
            width: 1.5,
            points: { show: false },
            value: (_plot: uPlot, value: number | null) => (value === null ? '' : `${value} ${view.unit}`),
          })),
        ],
      },
      columns(view),
      element,
    )
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [view, resolvedTheme])

  return (
    <div
      ref={box}
      role="img"
      aria-label={`${view.label}, latest: ${latest(view)}`}
      className="text-meta [&_.u-legend]:text-left [&_.u-legend]:font-sans [&_.u-legend]:text-[12px] [&_.u-legend_th]:font-normal!"
    />
  )
}
