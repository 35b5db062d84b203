// From the lines of bulletin.sql to what the page holds: small numbers instead of texts that repeat, borders once.
import { topology } from 'topojson-server'

// A dictionary: the number of a value, the same for equal ones.
function numbering() {
  const places = new Map()
  const values = []
  const number = (value) => {
    const key = JSON.stringify(value)
    if (!places.has(key)) {
      places.set(key, values.length)
      values.push(value)
    }
    return places.get(key)
  }
  return { number, values }
}

function bothLanguages(text, lang) {
  return typeof text === 'string' ? { vi: text, en: text } : text ?? { vi: lang, en: lang }
}

export function pack(lines, extra) {
  const of = (part) => lines.filter((line) => line.part === part)
  const [about] = of('about')
  const days = of('day')
  if (!about || !days.length) throw new Error('what the database sent is not whole')

  const policies = of('policy').map(({ part, text, ...rest }) => rest)
  const policyPlace = new Map(of('policy').map((line, place) => [line.text, place]))

  const leaves = of('zone').filter((zone) => zone.leaf)
  const parents = of('zone').filter((zone) => !zone.leaf)
  // a public page has no reasons and no numbers but classes
  const none = (day) => day.zone_id.map(() => null)
  const sets = [...new Set(days.map((day) => day.zone_set))]
  const used = leaves.filter((zone) => sets.includes(zone.set))
  const place = new Map(used.map((zone, ordinal) => [zone.id, ordinal]))
  const usedParents = parents.filter((zone) => sets.includes(zone.set))

  const reasons = numbering()
  const dates = numbering()
  const other = new Map(of('other').map((line) => [line.day, line]))
  const packed = days.map((day) => {
    const policy = policyPlace.get(day.policy)
    const tiers = policies[policy].tiers.map((tier) => tier.tier)
    const translated = other.get(day.day)
    const translation = new Map(translated?.zone_id?.map((id, i) => [id, [translated.tier[i], translated.reason[i]]]))
    // the other language's reason belongs to this verdict only where it is the same verdict
    const reason = (day.reason ?? []).map((text, i) => {
      const found = translation.get(day.zone_id[i])
      return reasons.number(found && found[0] === day.tier[i] ? [text, found[1]] : [text])
    })
    return {
      day: day.day, recorded: day.recorded, policy, set: sets.indexOf(day.zone_set), from: day.window_start, to: day.window_end,
      zone: day.zone_id.map((id) => place.get(id)), tier: day.tier.map((tier) => tiers.indexOf(tier)), reason,
      cases: day.cases, households: day.households_affected, rate: day.rate_100k, last: day.days_since_last,
      until: (day.complete_until ?? none(day)).map((date) => dates.number(date)), since: day.since.map((date) => dates.number(date)),
      validUntil: day.valid_until?.map((date) => dates.number(date))
    }
  })
  // who repeats the day before need not say it again
  packed.forEach((day, i) => {
    if (i > 0 && day.set === packed[i - 1].set && String(day.zone) === String(packed[i - 1].zone)) day.zone = null
  })

  const geometries = (zones) => ({ type: 'GeometryCollection', geometries: zones.map((zone) => zone.geom ?? { type: null }) })
  const shapes = topology({ zones: geometries(used), parents: geometries(usedParents) }, 1e5)
  const facts = ({ set, code, name, parent, level, population, households }) =>
    [sets.indexOf(set), code, name, parent, level, population, households]

  const parentPlace = new Map(usedParents.map((parent, ordinal) => [parent.id, ordinal]))
  const classes = (count, places) => count.zone_id.map((id, i) => [places.get(id), count.at_least[i], count.at_most[i]]).filter(([p]) => p !== undefined)

  const title = bothLanguages(extra.title, about.root ?? about.map)
  return {
    about: {
      ...about, part: undefined, title, note: extra.note ? bothLanguages(extra.note, '') : null,
      planar: used.some((zone) => zone.planar)
    },
    policies, sets, zones: used.map(facts), parents: usedParents.map(facts), shapes,
    reasons: reasons.values, dates: dates.values, days: packed,
    curves: of('curve').map(({ measure, parent, day, n }) => ({ measure, parent, day, n })),
    watch: of('watch').filter((w) => place.has(w.zone) && place.has(w.worst))
      .map((w) => [place.get(w.zone), place.get(w.worst), w.rank, w.tier, w.shared_m, w.gap_m]),
    sources: of('source').map(({ part, ...rest }) => rest),
    reporting: of('reporting').map(({ part, ...rest }) => rest),
    quality: of('quality').map(({ part, ...rest }) => rest),
    counts: of('count').map((count) => ({ from: count.from, until: count.until, zones: classes(count, place), parents: classes(count, parentPlace) }))[0]
  }
}
