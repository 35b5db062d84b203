// What the page holds, read once, and the questions that its parts ask of it.
import { feature, mesh } from 'topojson-client'

const data = JSON.parse(document.getElementById('data').textContent)
export const { about, policies, curves, sources, reporting, quality } = data
about.sets = data.sets
// what was published of the last window: classes, by zone and by parent
export const published = data.counts ? { ...data.counts, zones: new Map(data.counts.zones.map(([p, a, b]) => [p, [a, b]])), parents: new Map(data.counts.parents.map(([p, a, b]) => [p, [a, b]])) } : null

const fact = ([set, code, name, parent, level, population, households], place) =>
  ({ place, set, code, name: name ?? code, parentCode: parent, level, population, households })
export const zones = data.zones.map(fact)
export const parents = data.parents.map(fact)
const parentOf = new Map(parents.map((parent) => [`${parent.set} ${parent.code}`, parent]))
zones.forEach((zone) => { zone.parent = parentOf.get(`${zone.set} ${zone.parentCode}`) ?? null })

const shapes = data.shapes
export const zoneShapes = feature(shapes, shapes.objects.zones).features
export const parentMesh = (set) => mesh(shapes, {
  type: 'GeometryCollection',
  geometries: shapes.objects.parents.geometries.filter((g, i) => parents[i].set === set && g.type)
})
export const parentShapes = feature(shapes, shapes.objects.parents).features

let order = []
export const days = data.days.map((day, index) => {
  order = day.zone ?? order
  const at = new Map(order.map((place, i) => [place, i]))
  return { ...day, index, zone: order, at }
})
export const last = days.length - 1
export const watch = data.watch.map(([zone, worst, rank, tier, shared, gap]) => ({ zone, worst, rank, tier, shared, gap }))

// One zone on one day; null where that day's zone set has no such zone.
export function reading(index, place) {
  const day = days[index]
  const i = day.at.get(place)
  if (i === undefined) return null
  return {
    tier: tierOf(day, i), cases: day.cases?.[i], households: day.households?.[i], rate: day.rate?.[i], last: day.last?.[i],
    until: data.dates[day.until[i]], since: data.dates[day.since[i]], validUntil: data.dates[day.validUntil?.[i]], reasons: data.reasons[day.reason[i]]
  }
}
export const unknown = { tier: 'unknown', rank: null, color: '#bdbdbd', vi: 'chưa rõ', en: 'unknown', position: -1 }
policies.forEach((policy) => policy.tiers.forEach((tier, position) => { tier.position = position }))
const tierOf = (day, i) => policies[day.policy].tiers[day.tier[i]] ?? unknown
export const tierOn = (index, place) => {
  const day = days[index]
  const i = day.at.get(place)
  return i === undefined ? null : tierOf(day, i)
}
export const tiersOn = (index) => policies[days[index].policy].tiers

// The reason in a language, and the language that it is in: the map's own where there is no other.
export function reasonIn(lang, reasons) {
  if (lang === about.lang) return [reasons[0], lang]
  return reasons[1] !== undefined ? [reasons[1], lang] : [reasons[0], about.lang]
}

export function countTiers(index, of = () => true) {
  const counts = new Map([...tiersOn(index), unknown].map((tier) => [tier.tier, 0]))
  const day = days[index]
  day.zone.forEach((place, i) => {
    if (of(zones[place])) counts.set(tierOf(day, i).tier, counts.get(tierOf(day, i).tier) + 1)
  })
  return counts
}

// The first day of the unbroken run of a tier within the slider's days, and whether the run may be longer.
export function runOf(index, place) {
  const { tier } = tierOn(index, place)
  let first = index
  while (first > 0 && zoneOn(first - 1, place) !== null && tierOn(first - 1, zoneOn(first - 1, place)).tier === tier) first--
  return { first: days[first].day, days: index - first + 1, open: first === 0 }
}
// The zone of the same code in the zone set of another day.
const places = new Map(zones.map((zone) => [`${zone.set} ${zone.code}`, zone.place]))
export function zoneOn(index, place) {
  const found = places.get(`${days[index].set} ${zones[place].code}`)
  return found !== undefined && days[index].at.has(found) ? found : null
}

// Zones whose tier differs from the day before, by code; those without a rung on both days are neither better nor worse.
export function changesOn(index) {
  if (index === 0) return null
  const before = index - 1
  const same = days[before].policy === days[index].policy
  const changes = { worse: [], better: [], other: [], added: 0, gone: 0 }
  for (const place of days[index].zone) {
    const earlier = zoneOn(before, place)
    if (earlier === null) {
      changes.added++
      continue
    }
    const from = tierOn(before, earlier)
    const to = tierOn(index, place)
    if (from.tier === to.tier && from.rank === to.rank) continue
    const step = to === unknown || from === unknown ? 0
      : to.rank !== null && from.rank !== null && to.rank !== from.rank ? to.rank - from.rank : same ? to.position - from.position : 0
    const change = { place, from, to, before: reading(before, earlier), now: reading(index, place) }
    changes[step > 0 ? 'worse' : step < 0 ? 'better' : 'other'].push(change)
  }
  for (const place of days[before].zone) if (zoneOn(index, place) === null) changes.gone++
  const by = (sign) => (a, b) => sign * (b.to.position - a.to.position) || a.from.position - b.from.position || a.place - b.place
  changes.worse.sort(by(1))
  changes.better.sort(by(-1))
  return changes
}
