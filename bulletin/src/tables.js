// The sections below the map. Tables follow the slider; what is known of one day alone says so.
import { about, changesOn, countTiers, days, last, parents, policies, published, quality, reasonIn, reporting, sources, tierOn, tiersOn, unknown, watch, zones, reading } from './data.js'
import { h, own } from './dom.js'
import { fold } from './fold.js'
import { badge, short, swatch } from './tiers.js'
import { daysBetween, moment, number, shortDay, state, t } from './text.js'

// "Tổ dân phố 1, phường Tân Định" under its ward is "Tổ dân phố 1".
export function shortName(zone) {
  const cut = zone.name.lastIndexOf(',')
  return cut > 0 && zone.parent && fold(zone.name.slice(cut + 1)) === fold(zone.parent.name) ? zone.name.slice(0, cut) : zone.name
}
const zoneButton = (place, pick, text) => h('button', { type: 'button', class: 'link', on: { click: () => pick(place) } }, h('bdi', {}, text ?? zones[place].name))

function table(caption, head, rows, options = {}) {
  return h('div', { class: `scroll ${options.name ?? ''}`, tabindex: 0, role: 'region', 'aria-label': caption },
    h('table', { class: options.class }, h('caption', { class: options.caption ? null : 'hidden' }, caption),
      h('thead', {}, h('tr', {}, head.map((cell) => h('th', { scope: 'col', class: cell.number ? 'number' : cell.class }, cell.text ?? cell)))),
      h('tbody', {}, rows)))
}
const td = (content, kind) => h('td', { class: kind }, content)
// Where a table has lost its head, on phones and paper, the number says of what it is.
const unit = (text) => [h('span', { class: 'bare' }, text), h('span', { class: 'with-unit' }, t('unit', text))]
const num = (value, digits) => td(number(value, digits), 'number')

// A long table shows its first rows until asked; paper has as many as the class says.
function folding(rows, keep, onPaper) {
  rows.forEach((row, i) => i >= keep && row.classList.add(i < onPaper ? 'more' : 'more-screen'))
  if (rows.length <= keep) return null
  const button = h('button', { type: 'button', class: 'unfold', 'aria-expanded': 'false' }, t('showAll', number(rows.length)))
  button.addEventListener('click', () => {
    const open = button.getAttribute('aria-expanded') === 'false'
    button.setAttribute('aria-expanded', open)
    button.previousElementSibling.classList.toggle('open', open)
    button.textContent = open ? t('showLess') : t('showAll', number(rows.length))
  })
  return button
}

export function drawChanges(index, pick) {
  const changes = changesOn(index)
  if (!changes) return [h('p', { class: 'quiet' }, t('noBefore'))]
  const { worse, better, other, added, gone } = changes
  const parts = []
  if (added || gone) parts.push(h('p', { class: 'remark' }, t('newZones', number(added), number(gone))))
  if (!worse.length && !better.length && !other.length) return [...parts, h('p', { class: 'quiet' }, t('noChanges'))]
  for (const [name, list, keep] of [['worse', worse, 12], ['better', better, 6], ['otherwise', other, 6]]) {
    if (!list.length) continue
    const rows = list.map(({ place, from, to, before, now }) => {
      if (about.public) return h('tr', {}, h('th', { scope: 'row' }, zoneButton(place, pick)), td(badge(from)), td(badge(to)), td(shortDay(now.since)))
      const [reason, lang] = reasonIn(state.lang, now.reasons)
      return h('tr', {}, h('th', { scope: 'row' }, zoneButton(place, pick)), td(badge(from)), td(badge(to)),
        td(unit(before.households === now.households ? number(now.households) : `${number(before.households)} → ${number(now.households)}`), 'number'),
        td(own(reason, lang), 'reason'))
    })
    const button = folding(rows, keep, Infinity)
    const head = `${t(name)}: ${number(list.length)}`
    parts.push(h('h3', { class: name }, head),
      table(head, [t('zone'), t('from'), t('to'), ...(about.public ? [t('since')] : [{ text: t('affected'), number: true }, t('why')])], rows, { class: 'changes', name }), button,
      name === 'better' ? h('div', { class: 'paper' }, byWard(list)) : null)
  }
  return parts
}

// Who got better, on paper: a line for each step and ward.
function byWard(list) {
  const steps = new Map()
  for (const { place, from, to } of list) {
    const step = `${from.key} ${to.key}`
    const wards = steps.get(step) ?? { from, to, wards: new Map() }
    const parent = zones[place].parent?.name ?? ''
    wards.wards.set(parent, [...(wards.wards.get(parent) ?? []), zones[place]])
    steps.set(step, wards)
  }
  return [...steps.values()].map(({ from, to, wards }) => h('p', { class: 'step' }, badge(from), ' → ', badge(to), ' ',
    [...wards].map(([ward, members], i) => [i ? '; ' : '', h('strong', {}, h('bdi', {}, ward || '–')), ': ', h('bdi', {}, listed(members.map(shortName)))])))
}
// Tổ dân phố 3, 5, 12: what all names begin with is said once.
function listed(names) {
  const numbered = names.map((name) => /^(.*\D)(\d+)$/.exec(name))
  return numbered.every((found) => found && found[1] === numbered[0][1])
    ? numbered[0][1] + numbered.map((found) => found[2]).join(', ') : names.join(', ')
}

export function drawWards(index) {
  const tiers = [...tiersOn(index), unknown]
  const all = days[index].zone.map((place) => zones[place])
  const counts = countTiers(index)
  const shown = tiers.filter((tier) => tier !== unknown || counts.get('unknown'))
  const groups = parents.filter((parent) => parent.set === days[index].set && all.some((zone) => zone.parent === parent))
    .sort((a, b) => a.name.localeCompare(b.name, 'vi'))
  if (all.some((zone) => !zone.parent) && groups.length) groups.push(null)
  const threatened = new Map()
  if (index === last) for (const w of watch) if (w.rank >= 3) threatened.set(zones[w.zone].parent, (threatened.get(zones[w.zone].parent) ?? 0) + 1)
  const told = index === last && published?.parents.size
  const row = (name, members, cell, group) => {
    const of = countTiers(index, (zone) => members.includes(zone))
    const readings = members.map((zone) => reading(index, zone.place))
    const sum = (key) => readings.reduce((total, r) => total + (r[key] ?? 0), 0)
    const people = members.some((zone) => zone.population === null) ? null : members.reduce((total, zone) => total + zone.population, 0)
    const worst = [...shown].reverse().find((tier) => tier !== unknown && of.get(tier.tier)) ?? unknown
    const cases = sum('cases')
    const count = told && group ? published.parents.get(parents.indexOf(group)) : null
    if (about.public) {
      return h('tr', { class: cell }, h('th', { scope: 'row' }, h('bdi', {}, name)), num(members.length),
        shown.map((tier) => td(of.get(tier.tier) ? number(of.get(tier.tier)) : '·', 'number')), td(badge(worst), 'worst'),
        told ? td(count ? t('countClass', number(count[0]), count[1] === null ? null : number(count[1])) : '–', 'number') : null)
    }
    return h('tr', { class: cell }, h('th', { scope: 'row' }, h('bdi', {}, name)), num(members.length),
      shown.map((tier) => td(of.get(tier.tier) ? number(of.get(tier.tier)) : '·', 'number')), td(badge(worst), 'worst'),
      num(cases), num(sum('households')), num(people), td(people ? number((cases * 100000) / people, 0) : '–', 'number'),
      index === last ? td(cell ? number([...threatened.values()].reduce((a, b) => a + b, 0)) : number(threatened.get(members[0]?.parent) ?? 0), 'number') : null)
  }
  const noun = t('noun', all[0]?.level)
  const head = [t('noun', groups[0]?.level), { text: noun, number: true }, ...shown.map((tier) => ({ text: [swatch(tier, 16), h('br'), h('bdi', {}, short(tier))], number: true })),
    { text: t('worst'), class: 'worst' }, ...(about.public ? told ? [{ text: t('countOf', shortDay(published.from), shortDay(published.until)), number: true }] : [] : [{ text: t('cases'), number: true }, { text: t('affected'), number: true }, { text: t('population'), number: true }, { text: t('rate'), number: true },
    ...(index === last ? [{ text: t('threatened'), number: true }] : [])])]
  const rows = groups.map((group) => row(group?.name ?? '–', all.filter((zone) => zone.parent === group), null, group))
  return [table(t(about.public ? 'wardsCaptionPublic' : 'wardsCaption', shortDay(days[index].day)), head, [...rows, row(t('total'), all, 'total')], { class: 'wards', caption: true })]
}

export function drawWatch(pick) {
  const threatened = watch.filter((w) => w.rank >= 3)
  const green = [...countTiers(last)].filter(([tier]) => tiersOn(last).find((own) => own.tier === tier)?.rank === 0).reduce((sum, [, n]) => sum + n, 0)
  if (!threatened.length) return [h('p', { class: 'quiet' }, t('watchNone'))]
  const rows = threatened.map((w) => h('tr', {}, h('th', { scope: 'row' }, zoneButton(w.zone, pick)),
    td(zoneButton(w.worst, pick, zones[w.worst].parent === zones[w.zone].parent ? shortName(zones[w.worst]) : zones[w.worst].name)),
    td(badge(tierOn(last, w.worst))), td(w.shared ? t('metres', number(w.shared)) : w.gap ? t('metres', number(w.gap, 1)) : t('corner'), 'number')))
  const button = folding(rows, 10, 24)
  return [h('p', {}, t('watchText', number(threatened.length), number(green))),
    table(t('watch'), [t('watch'), t('neighbour'), t('worst'), { text: t('shared'), number: true }], rows, { class: 'watch' }), button,
    threatened.length > 24 ? h('p', { class: 'quiet paper' }, t('moreOnScreen', number(threatened.length - 24))) : null]
}

export function drawReporting() {
  const name = (code) => parents.find((parent) => parent.code === code && parent.set === days[last].set)?.name ?? code
  const rule = about.silence_limit === null ? null : h('p', { class: 'quiet' }, t('lateRule', number(about.silence_limit)))
  let late = reporting.filter((r) => r.days_behind > 0)
    .map((r) => ({ name: name(r.code), until: r.reported_until, behind: r.days_behind, isLate: r.is_late, late: r.late_zones, waits: r.waits_for }))
  if (about.day !== about.map_day) {
    // of another day there is no view: what its zones were complete until says the same
    const least = new Map()
    for (const place of days[last].zone) {
      const until = reading(last, place).until
      const parent = zones[place].parent
      if (until && until < about.day && parent && !(least.get(parent)?.until <= until)) least.set(parent, { until })
    }
    late = [...least].map(([parent, { until }]) => {
      const behind = daysBetween(until, about.day)
      return { name: parent.name, until, behind, isLate: about.silence_limit !== null && behind > about.silence_limit, late: null, waits: null }
    }).sort((a, b) => b.behind - a.behind)
  }
  const expected = sources.some((source) => source.reported_until) || days[last].zone.some((place) => reading(last, place).until)
  if (!expected) return [h('p', { class: 'quiet' }, t('reportingNone'))]
  if (!late.length) return [h('p', {}, t('reportingAll')), rule]
  const named = (source) => sources.find((s) => s.source === source)?.name ?? source
  return [table(t('reporting'), [t('zone'), t('reportedUntil'), { text: t('behind'), number: true }, { text: t('lateZones'), number: true }, t('waitsFor')],
    late.map((r) => h('tr', {}, h('th', { scope: 'row' }, h('bdi', {}, r.name)), td(shortDay(r.until)),
      td([t('days', number(r.behind)), r.isLate ? h('strong', { class: 'late' }, ` ${t('isLate')}`) : null], 'number'), num(r.late),
      td((r.waits ?? []).map((source, i) => [i ? ', ' : '', h('bdi', {}, named(source))])))), { class: 'late' }), rule]
}

export function drawQuality() {
  if (!quality.length) return [h('p', { class: 'quiet' }, t('qualityNone'))]
  const keys = ['received', 'week', 'placed', 'replaced', 'unplaced', 'rejected', 'disagrees']
  const values = (q) => [q.received, q.week ?? 0, q.placed, q.superseded, q.unplaced, q.rejected, q.point_disagrees]
  const total = quality.map(values).reduce((a, b) => a.map((value, i) => value + b[i]))
  const why = {}
  for (const q of quality) for (const [key, n] of Object.entries(q.outcomes)) why[key] = (why[key] ?? 0) + n
  const reasons = Object.entries(why).filter(([key, n]) => n > 0 && key !== 'rejected').sort((a, b) => b[1] - a[1])
  const named = (q) => sources.find((source) => source.source === q.source)?.name ?? q.source ?? '–'
  return [table(t('quality'), [t('source'), ...keys.map((key) => ({ text: t(key), number: true }))],
    [...quality.map((q) => h('tr', {}, h('th', { scope: 'row' }, h('bdi', {}, named(q))), values(q).map((value) => num(value)))),
      h('tr', { class: 'total' }, h('th', { scope: 'row' }, t('total')), total.map((value) => num(value)))]),
  reasons.length ? h('p', {}, t('whyUnplaced'), ' ', reasons.map(([key, n], i) => [i ? '; ' : '', `${t('outcomes')[key] ?? key} ${number(n)}`]), '.') : null,
  h('p', { class: 'quiet' }, t('qualityText'))]
}

// The policy's sentences; lines that begin with a dash are the tiers' conditions.
export function drawPolicy(index) {
  const policy = policies[days[index].policy]
  const blocks = []
  for (const text of policy[state.lang].trim().split('\n')) {
    const rule = /^\s*- (.*)$/.exec(text)
    if (!rule) blocks.push(h('p', {}, h('bdi', {}, text)))
    else {
      if (blocks[blocks.length - 1]?.tagName !== 'UL') blocks.push(h('ul', {}))
      const tier = policy.tiers.find((own) => rule[1].startsWith(`${own[state.lang]}:`))
      blocks[blocks.length - 1].append(h('li', {}, tier ? swatch(tier) : null, h('bdi', {}, rule[1])))
    }
  }
  return [h('div', { class: 'policy-text' }, blocks)]
}

export function drawStamp(index) {
  const day = days[index]
  const brief = t('brief', zones[day.zone[0]]?.level)
  const { least, most, missing, shared } = completeness(index)
  const complete = !least ? [t('completeAll')] : [shortDay(least),
    most !== least ? h('small', {}, t('completeMost', shortDay(most), number(shared), brief)) : null,
    missing ? h('small', {}, t('completeSome', number(missing), brief)) : null]
  const policy = policies[day.policy]
  const item = (name, ...value) => h('div', {}, h('dt', {}, name), h('dd', {}, value))
  if (about.public) {
    return [item(t('asOf'), shortDay(day.day), about.delay ? h('small', {}, t('delayed', number(about.delay))) : null),
      item(t('zoneSet'), h('bdi', {}, about.sets[day.set])), item(t('policyName'), h('bdi', {}, policy.name))]
  }
  const how = index === last ? null : day.recorded ? t('recorded', moment(day.recorded)) : t('computed')
  return [item(t('asOf'), shortDay(day.day), how ? h('small', {}, how) : day.from ? h('small', {}, t('window', shortDay(day.from), shortDay(day.to))) : null),
    item(t('completeUntil'), complete), item(t('zoneSet'), h('bdi', {}, about.sets[day.set])), item(t('policyName'), h('bdi', {}, policy.name)),
    item(t('made'), moment(about.computed_at), h('small', {}, t('madeWith', about.georisk)))]
}
// Until when reports are complete: the earliest day of all, and the one that most zones have.
export function completeness(index, of = () => true) {
  const counts = new Map()
  let missing = 0
  for (const place of days[index].zone) {
    if (!of(zones[place])) continue
    const { until } = reading(index, place)
    if (until) counts.set(until, (counts.get(until) ?? 0) + 1)
    else missing++
  }
  const untils = [...counts.keys()].sort()
  const most = untils.reduce((a, b) => (a !== null && counts.get(a) > counts.get(b) ? a : b), null)
  return { least: untils[0] ?? null, most, shared: counts.get(most) ?? 0, missing }
}
