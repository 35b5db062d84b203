// Curves and bars, drawn as they are wide.
import { scaleBand, scaleLinear } from 'd3-scale'
import { curveMonotoneX, line } from 'd3-shape'
import { about, countTiers, curves, days, last, parents, tiersOn, unknown } from './data.js'
import { h, s } from './dom.js'
import { addDays, dayMonth, daysBetween, number, shortDay, t } from './text.js'

const first = curves.length ? addDays(about.day, -(Math.max(2 * days.length, 28) - 1)) : about.day
const span = Array.from({ length: daysBetween(first, about.day) + 1 }, (_, i) => addDays(first, i))
const series = (parent) => {
  const counts = new Map(span.map((day) => [day, 0]))
  for (const curve of curves) {
    if (parent === null || curve.parent === parent) curve.day.forEach((day, i) => counts.set(day, counts.get(day) + curve.n[i]))
  }
  return span.map((day) => ({ day, n: counts.get(day) }))
}
const mean7 = (points) => points.map((point, i) => {
  const week = points.slice(Math.max(0, i - 6), i + 1)
  return { day: point.day, n: i < 6 ? null : week.reduce((sum, p) => sum + p.n, 0) / 7 }
})

function curve(points, { width, height, top, index, until, small, name }) {
  const box = { left: small ? 24 : 36, right: 4, top: small ? 6 : 14, bottom: small ? 16 : 22 }
  const x = scaleBand(points.map((p) => p.day), [box.left, width - box.right]).padding(0.2)
  const y = scaleLinear([0, top || 1], [height - box.bottom, box.top])
  if (!small) y.nice(4)
  const ticks = y.ticks(small ? 2 : 4).filter(Number.isInteger)
  const weekly = points.filter((p, i) => (points.length - 1 - i) % (small ? 28 : width < 500 ? 14 : 7) === 0)
  const middle = (day) => x(day) + x.bandwidth() / 2
  const peak = points.reduce((a, b) => (b.n > a.n ? b : a))
  const incomplete = until && until < points[points.length - 1].day ? x(addDays(until < first ? addDays(first, -1) : until, 1)) : null
  const shown = days[index].day
  return s('svg', {
    viewBox: `0 0 ${width} ${height}`, class: 'curve', role: 'img',
    'aria-label': t('curveLabel', name, number(points.reduce((sum, p) => sum + p.n, 0)), number(peak.n), shortDay(peak.day))
  },
  incomplete === null ? null : s('rect', { class: 'incomplete', x: incomplete, y: box.top, width: width - box.right - incomplete, height: height - box.bottom - box.top }),
  ticks.map((tick) => [s('path', { class: 'grid', d: `M${box.left} ${y(tick)}H${width - box.right}` }),
    s('text', { class: 'tick', x: box.left - 5, y: y(tick) + 3.5, 'text-anchor': 'end' }, number(tick))]),
  points.filter((p) => p.n > 0).map((p) => s('rect', { class: p.day === shown ? 'bar shown' : 'bar', x: x(p.day), y: y(p.n), width: x.bandwidth(), height: y(0) - y(p.n) },
    s('title', {}, `${shortDay(p.day)}: ${number(p.n)}`))),
  s('path', { class: 'mean', d: line((p) => middle(p.day), (p) => y(p.n)).defined((p) => p.n !== null).curve(curveMonotoneX)(mean7(points)) }),
  s('path', { class: 'axis', d: `M${box.left} ${y(0)}H${width - box.right}` }),
  weekly.map((p) => s('text', { class: 'tick', x: Math.min(middle(p.day), width - 17), y: height - 4, 'text-anchor': 'middle' }, dayMonth(p.day))))
}

// completeness tells until when the reports of some zones are complete, see tables.js
export function drawCurves(index, width, completeness) {
  if (!curves.length) return [h('p', { class: 'quiet' }, t('noCurves'))]
  const measure = t('measure', curves[0].measure)
  const all = series(null)
  const until = completeness(last).least
  const set = days[last].set
  const small = curves.map(({ parent }) => ({ parent, points: series(parent), of: parents.find((p) => p.code === parent && p.set === set) }))
    .sort((a, b) => (a.of?.name ?? '').localeCompare(b.of?.name ?? '', 'vi'))
  const top = Math.max(...small.flatMap((one) => one.points.map((p) => p.n)))
  const columns = width < 520 ? 2 : width < 900 ? 4 : 5
  const each = Math.floor((width - (columns - 1) * 20) / columns)
  return [
    h('p', { class: 'key' }, h('span', { class: 'key-bar' }), t('perDay', measure), h('span', { class: 'key-line' }), t('average'),
      until && until < about.day ? [h('span', { class: 'key-incomplete' }), t('notComplete')] : null),
    h('figure', { class: 'wide' }, curve(all, { width, height: Math.round(Math.min(220, Math.max(150, width / 4))), top: Math.max(...all.map((p) => p.n)), index, until, name: t('curveAll') })),
    small.length < 2 ? null : h('div', { class: 'small-multiples' }, small.map(({ parent, points, of }) => h('figure', {},
      h('figcaption', {}, h('bdi', {}, of?.name ?? parent ?? '–')),
      curve(points, { width: each, height: 84, top, index, until: completeness(last, (zone) => zone.parentCode === parent).least, small: true, name: of?.name ?? parent ?? '–' })))),
    h('p', { class: 'quiet' }, t('curvesText'))
  ]
}

// How many zones in each tier, day by day, above the slider.
export function drawTrend(index) {
  const width = 28 * 20
  const height = 48
  const x = scaleBand(days.map((day) => day.day), [0, width]).paddingInner(0.12)
  return s('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none' }, days.map((day) => {
    const counts = countTiers(day.index)
    let y = height
    const total = day.zone.length
    return s('g', { class: day.index === index ? 'shown' : null }, [...tiersOn(day.index), unknown].map((tier) => {
      const tall = (counts.get(tier.tier) / total) * height
      y -= tall
      return tall ? s('rect', { x: x(day.day), y, width: x.bandwidth(), height: tall, fill: tier.color }) : null
    }))
  }))
}
